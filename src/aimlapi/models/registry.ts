import { image, legacyVideo, video } from './model.js';
import { type Wan26I2vInput, wan26I2v } from './wan-2-6-i2v.js';
import { type Wan26ImageInput, wan26Image } from './wan-2-6-image.js';
import { type Wan26ImageToVideoFlashInput, wan26ImageToVideoFlash } from './wan-2-6-image-to-video-flash.js';
import { type Wan26R2vInput, wan26R2v } from './wan-2-6-r2v.js';
import { type Wan26T2vInput, wan26T2v } from './wan-2-6-t2v.js';
import { type Wan27I2vInput, wan27I2v } from './wan-2-7-i2v.js';
import { type Wan27ImageInput, wan27Image } from './wan-2-7-image.js';
import { type Wan27ImageProInput, wan27ImagePro } from './wan-2-7-image-pro.js';
import { type Wan27R2vInput, wan27R2v } from './wan-2-7-r2v.js';
import { type Wan27T2vInput, wan27T2v } from './wan-2-7-t2v.js';
import { type WanV21TextToVideoInput, wanV21TextToVideo } from './wan-v2.1-1.3b-text-to-video.js';
import { type Wan21T2vPlusInput, wan21T2vPlus } from './wan2.1-t2v-plus.js';
import { type Wan21T2vTurboInput, wan21T2vTurbo } from './wan2.1-t2v-turbo.js';
import { type Wan22AnimateMoveInput, wan22AnimateMove } from './wan2.2-14b-animate-move.js';
import { type Wan22AnimateReplaceInput, wan22AnimateReplace } from './wan2.2-14b-animate-replace.js';
import { type Wan22I2vPlusInput, wan22I2vPlus } from './wan2.2-i2v-plus.js';
import { type Wan22T2iFlashInput, wan22T2iFlash } from './wan2.2-t2i-flash.js';
import { type Wan22T2iPlusInput, wan22T2iPlus } from './wan2.2-t2i-plus.js';
import { type Wan22T2vPlusInput, wan22T2vPlus } from './wan2.2-t2v-plus.js';
import { type Wan22VaceFunDepthInput, wan22VaceFunDepth } from './wan2.2-vace-fun-a14b-depth.js';
import {
  type Wan22VaceFunInpaintingInput,
  wan22VaceFunInpainting,
} from './wan2.2-vace-fun-a14b-inpainting.js';
import {
  type Wan22VaceFunOutpaintingInput,
  wan22VaceFunOutpainting,
} from './wan2.2-vace-fun-a14b-outpainting.js';
import { type Wan22VaceFunPoseInput, wan22VaceFunPose } from './wan2.2-vace-fun-a14b-pose.js';
import { type Wan22VaceFunReframeInput, wan22VaceFunReframe } from './wan2.2-vace-fun-a14b-reframe.js';
import { type Wan25I2vPreviewInput, wan25I2vPreview } from './wan2.5-i2v-preview.js';
import { type Wan25T2iPreviewInput, wan25T2iPreview } from './wan2.5-t2i-preview.js';
import { type Wan25T2vPreviewInput, wan25T2vPreview } from './wan2.5-t2v-preview.js';

/** Every model, by its id on the wire. The types `ImageInput` and `VideoInput` follow from this table. */
export const registry = {
  'alibaba/wan2.2-t2i-flash': image<Wan22T2iFlashInput>(wan22T2iFlash),
  'alibaba/wan2.2-t2i-plus': image<Wan22T2iPlusInput>(wan22T2iPlus),
  'alibaba/wan2.5-t2i-preview': image<Wan25T2iPreviewInput>(wan25T2iPreview),
  'alibaba/wan-2-6-image': image<Wan26ImageInput>(wan26Image, 'wan2.6-image'),
  'alibaba/wan-2-7-image': image<Wan27ImageInput>(wan27Image, 'wan2.7-image'),
  'alibaba/wan-2-7-image-pro': image<Wan27ImageProInput>(wan27ImagePro, 'wan2.7-image-pro'),
  'wan/v2.1/1.3b/text-to-video': legacyVideo<WanV21TextToVideoInput>(wanV21TextToVideo),
  'alibaba/wan2.1-t2v-turbo': video<Wan21T2vTurboInput>(wan21T2vTurbo),
  'alibaba/wan2.1-t2v-plus': video<Wan21T2vPlusInput>(wan21T2vPlus),
  'alibaba/wan2.2-t2v-plus': video<Wan22T2vPlusInput>(wan22T2vPlus),
  'alibaba/wan2.2-i2v-plus': video<Wan22I2vPlusInput>(wan22I2vPlus),
  'alibaba/wan2.2-14b-animate-move': video<Wan22AnimateMoveInput>(wan22AnimateMove),
  'alibaba/wan2.2-14b-animate-replace': video<Wan22AnimateReplaceInput>(wan22AnimateReplace),
  'alibaba/wan2.2-vace-fun-a14b-depth': video<Wan22VaceFunDepthInput>(wan22VaceFunDepth),
  'alibaba/wan2.2-vace-fun-a14b-pose': video<Wan22VaceFunPoseInput>(wan22VaceFunPose),
  'alibaba/wan2.2-vace-fun-a14b-inpainting': video<Wan22VaceFunInpaintingInput>(wan22VaceFunInpainting),
  'alibaba/wan2.2-vace-fun-a14b-outpainting': video<Wan22VaceFunOutpaintingInput>(wan22VaceFunOutpainting),
  'alibaba/wan2.2-vace-fun-a14b-reframe': video<Wan22VaceFunReframeInput>(wan22VaceFunReframe),
  'alibaba/wan2.5-t2v-preview': video<Wan25T2vPreviewInput>(wan25T2vPreview),
  'alibaba/wan2.5-i2v-preview': video<Wan25I2vPreviewInput>(wan25I2vPreview),
  'alibaba/wan-2-6-t2v': video<Wan26T2vInput>(wan26T2v, 'wan2.6-t2v'),
  'alibaba/wan-2-6-i2v': video<Wan26I2vInput>(wan26I2v, 'wan2.6-i2v'),
  'alibaba/wan-2-6-image-to-video-flash': video<Wan26ImageToVideoFlashInput>(
    wan26ImageToVideoFlash,
    'wan2.6-i2v-flash',
  ),
  'alibaba/wan-2-6-r2v': video<Wan26R2vInput>(wan26R2v, 'wan2.6-r2v'),
  'alibaba/wan-2-7-t2v': video<Wan27T2vInput>(wan27T2v, 'wan2.7-t2v'),
  'alibaba/wan-2-7-i2v': video<Wan27I2vInput>(wan27I2v, 'wan2.7-i2v'),
  'alibaba/wan-2-7-r2v': video<Wan27R2vInput>(wan27R2v, 'wan2.7-r2v'),
};
