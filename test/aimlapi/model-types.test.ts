import { expectTypeOf, test } from 'vitest';
import type { input } from 'zod/v4/core';
import type { ImageInput, VideoInput } from '../../src/aimlapi/models/inputs.js';
import type { Wan26I2vInput, wan26I2v } from '../../src/aimlapi/models/wan-2-6-i2v.js';
import type { Wan26ImageInput, wan26Image } from '../../src/aimlapi/models/wan-2-6-image.js';
import type {
  Wan26ImageToVideoFlashInput,
  wan26ImageToVideoFlash,
} from '../../src/aimlapi/models/wan-2-6-image-to-video-flash.js';
import type { Wan26R2vInput, wan26R2v } from '../../src/aimlapi/models/wan-2-6-r2v.js';
import type { Wan26T2vInput, wan26T2v } from '../../src/aimlapi/models/wan-2-6-t2v.js';
import type { Wan27I2vInput, wan27I2v } from '../../src/aimlapi/models/wan-2-7-i2v.js';
import type { Wan27ImageInput, wan27Image } from '../../src/aimlapi/models/wan-2-7-image.js';
import type { Wan27ImageProInput, wan27ImagePro } from '../../src/aimlapi/models/wan-2-7-image-pro.js';
import type { Wan27R2vInput, wan27R2v } from '../../src/aimlapi/models/wan-2-7-r2v.js';
import type { Wan27T2vInput, wan27T2v } from '../../src/aimlapi/models/wan-2-7-t2v.js';
import type {
  WanV21TextToVideoInput,
  wanV21TextToVideo,
} from '../../src/aimlapi/models/wan-v2.1-1.3b-text-to-video.js';
import type { Wan21T2vPlusInput, wan21T2vPlus } from '../../src/aimlapi/models/wan2.1-t2v-plus.js';
import type { Wan21T2vTurboInput, wan21T2vTurbo } from '../../src/aimlapi/models/wan2.1-t2v-turbo.js';
import type {
  Wan22AnimateMoveInput,
  wan22AnimateMove,
} from '../../src/aimlapi/models/wan2.2-14b-animate-move.js';
import type {
  Wan22AnimateReplaceInput,
  wan22AnimateReplace,
} from '../../src/aimlapi/models/wan2.2-14b-animate-replace.js';
import type { Wan22I2vPlusInput, wan22I2vPlus } from '../../src/aimlapi/models/wan2.2-i2v-plus.js';
import type { Wan22T2iFlashInput, wan22T2iFlash } from '../../src/aimlapi/models/wan2.2-t2i-flash.js';
import type { Wan22T2iPlusInput, wan22T2iPlus } from '../../src/aimlapi/models/wan2.2-t2i-plus.js';
import type { Wan22T2vPlusInput, wan22T2vPlus } from '../../src/aimlapi/models/wan2.2-t2v-plus.js';
import type {
  Wan22VaceFunDepthInput,
  wan22VaceFunDepth,
} from '../../src/aimlapi/models/wan2.2-vace-fun-a14b-depth.js';
import type {
  Wan22VaceFunInpaintingInput,
  wan22VaceFunInpainting,
} from '../../src/aimlapi/models/wan2.2-vace-fun-a14b-inpainting.js';
import type {
  Wan22VaceFunOutpaintingInput,
  wan22VaceFunOutpainting,
} from '../../src/aimlapi/models/wan2.2-vace-fun-a14b-outpainting.js';
import type {
  Wan22VaceFunPoseInput,
  wan22VaceFunPose,
} from '../../src/aimlapi/models/wan2.2-vace-fun-a14b-pose.js';
import type {
  Wan22VaceFunReframeInput,
  wan22VaceFunReframe,
} from '../../src/aimlapi/models/wan2.2-vace-fun-a14b-reframe.js';
import type { Wan25I2vPreviewInput, wan25I2vPreview } from '../../src/aimlapi/models/wan2.5-i2v-preview.js';
import type { Wan25T2iPreviewInput, wan25T2iPreview } from '../../src/aimlapi/models/wan2.5-t2i-preview.js';
import type { Wan25T2vPreviewInput, wan25T2vPreview } from '../../src/aimlapi/models/wan2.5-t2v-preview.js';

// tsc judges these

/** Our lists are readonly, so that people may pass theirs either way; those of zod are not. */
type Readonlies<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends string[] | undefined ? Readonly<Fields[Name]> : Fields[Name];
};

/** The input that a schema takes, the model aside. */
type Of<Schema extends (...none: never) => { _zod: { input: unknown } }> = Readonlies<
  input<ReturnType<Schema>>
>;
type Fields<Input> = Omit<Input, 'model'>;

test('the schema of each model takes exactly what its interface says', () => {
  expectTypeOf<Of<typeof wan26I2v>>().toEqualTypeOf<Fields<Wan26I2vInput>>();
  expectTypeOf<Of<typeof wan26Image>>().toEqualTypeOf<Fields<Wan26ImageInput>>();
  expectTypeOf<Of<typeof wan26ImageToVideoFlash>>().toEqualTypeOf<Fields<Wan26ImageToVideoFlashInput>>();
  expectTypeOf<Of<typeof wan26R2v>>().toEqualTypeOf<Fields<Wan26R2vInput>>();
  expectTypeOf<Of<typeof wan26T2v>>().toEqualTypeOf<Fields<Wan26T2vInput>>();
  expectTypeOf<Of<typeof wan27I2v>>().toEqualTypeOf<Fields<Wan27I2vInput>>();
  expectTypeOf<Of<typeof wan27Image>>().toEqualTypeOf<Fields<Wan27ImageInput>>();
  expectTypeOf<Of<typeof wan27ImagePro>>().toEqualTypeOf<Fields<Wan27ImageProInput>>();
  expectTypeOf<Of<typeof wan27R2v>>().toEqualTypeOf<Fields<Wan27R2vInput>>();
  expectTypeOf<Of<typeof wan27T2v>>().toEqualTypeOf<Fields<Wan27T2vInput>>();
  expectTypeOf<Of<typeof wanV21TextToVideo>>().toEqualTypeOf<Fields<WanV21TextToVideoInput>>();
  expectTypeOf<Of<typeof wan21T2vPlus>>().toEqualTypeOf<Fields<Wan21T2vPlusInput>>();
  expectTypeOf<Of<typeof wan21T2vTurbo>>().toEqualTypeOf<Fields<Wan21T2vTurboInput>>();
  expectTypeOf<Of<typeof wan22AnimateMove>>().toEqualTypeOf<Fields<Wan22AnimateMoveInput>>();
  expectTypeOf<Of<typeof wan22AnimateReplace>>().toEqualTypeOf<Fields<Wan22AnimateReplaceInput>>();
  expectTypeOf<Of<typeof wan22I2vPlus>>().toEqualTypeOf<Fields<Wan22I2vPlusInput>>();
  expectTypeOf<Of<typeof wan22T2iFlash>>().toEqualTypeOf<Fields<Wan22T2iFlashInput>>();
  expectTypeOf<Of<typeof wan22T2iPlus>>().toEqualTypeOf<Fields<Wan22T2iPlusInput>>();
  expectTypeOf<Of<typeof wan22T2vPlus>>().toEqualTypeOf<Fields<Wan22T2vPlusInput>>();
  expectTypeOf<Of<typeof wan22VaceFunDepth>>().toEqualTypeOf<Fields<Wan22VaceFunDepthInput>>();
  expectTypeOf<Of<typeof wan22VaceFunInpainting>>().toEqualTypeOf<Fields<Wan22VaceFunInpaintingInput>>();
  expectTypeOf<Of<typeof wan22VaceFunOutpainting>>().toEqualTypeOf<Fields<Wan22VaceFunOutpaintingInput>>();
  expectTypeOf<Of<typeof wan22VaceFunPose>>().toEqualTypeOf<Fields<Wan22VaceFunPoseInput>>();
  expectTypeOf<Of<typeof wan22VaceFunReframe>>().toEqualTypeOf<Fields<Wan22VaceFunReframeInput>>();
  expectTypeOf<Of<typeof wan25I2vPreview>>().toEqualTypeOf<Fields<Wan25I2vPreviewInput>>();
  expectTypeOf<Of<typeof wan25T2iPreview>>().toEqualTypeOf<Fields<Wan25T2iPreviewInput>>();
  expectTypeOf<Of<typeof wan25T2vPreview>>().toEqualTypeOf<Fields<Wan25T2vPreviewInput>>();
});

test('ImageInput and VideoInput are the unions of their models', () => {
  expectTypeOf<ImageInput>().toEqualTypeOf<
    | Wan26ImageInput
    | Wan27ImageInput
    | Wan27ImageProInput
    | Wan22T2iFlashInput
    | Wan22T2iPlusInput
    | Wan25T2iPreviewInput
  >();
  expectTypeOf<VideoInput>().toEqualTypeOf<
    | Wan26I2vInput
    | Wan26ImageToVideoFlashInput
    | Wan26R2vInput
    | Wan26T2vInput
    | Wan27I2vInput
    | Wan27R2vInput
    | Wan27T2vInput
    | WanV21TextToVideoInput
    | Wan21T2vPlusInput
    | Wan21T2vTurboInput
    | Wan22AnimateMoveInput
    | Wan22AnimateReplaceInput
    | Wan22I2vPlusInput
    | Wan22T2vPlusInput
    | Wan22VaceFunDepthInput
    | Wan22VaceFunPoseInput
    | Wan22VaceFunOutpaintingInput
    | Wan22VaceFunInpaintingInput
    | Wan22VaceFunReframeInput
    | Wan25I2vPreviewInput
    | Wan25T2vPreviewInput
  >();
});
