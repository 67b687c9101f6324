import { describe, expect, it } from 'vitest';
import { toTarget } from '../../src/ai-sdk/draft.js';
import type { ModelFile, VideoCallOptions } from '../../src/ai-sdk/spec.js';
import { draftVideo } from '../../src/ai-sdk/video-input.js';

const image: ModelFile = { type: 'url', url: 'https://example.com/a.png' };
const clip: ModelFile = { type: 'url', url: 'https://example.com/a.mp4?x=1' };
const base64: ModelFile = { type: 'file', mediaType: 'image/png', data: 'iVBORw0KGgo=' };

const nothing: VideoCallOptions = {
  prompt: undefined,
  n: 1,
  seed: undefined,
  providerOptions: {},
  aspectRatio: undefined,
  resolution: undefined,
  duration: undefined,
  fps: undefined,
  image: undefined,
};

async function draft(model: string, options: Partial<VideoCallOptions>) {
  const { fields, warnings } = await draftVideo(toTarget('video', model), { ...nothing, ...options });
  return {
    fields,
    warned: warnings.map((each) => (each.type === 'unsupported' ? each.feature : each.message)),
  };
}

describe('draftVideo() maps', () => {
  it.each<[string, string, Partial<VideoCallOptions>, object, string[]]>([
    [
      'pixels to a word and a ratio',
      'wan2.5-t2v-preview',
      { resolution: '720x1280' },
      { resolution: '720p', aspect_ratio: '9:16' },
      [],
    ],
    [
      'the word as the model spells it',
      'wan2.2-t2v-plus',
      { resolution: '1080x1080' },
      { resolution: '1080P', aspect_ratio: '1:1' },
      [],
    ],
    [
      "the API's own 480p, which is not quite 16:9",
      'wan2.5-t2v-preview',
      { resolution: '832x480' },
      { resolution: '480p', aspect_ratio: '16:9' },
      [],
    ],
    [
      'an unknown short side, for the client to refuse',
      'wan2.5-t2v-preview',
      { resolution: '1024x576' },
      { resolution: '576p', aspect_ratio: '16:9' },
      [],
    ],
    [
      'a shape that the model does not have',
      'wan2.5-t2v-preview',
      { resolution: '960x720' },
      { resolution: '720p' },
      ['resolution'],
    ],
    [
      'a ratio, which wins over the pixels',
      'wan2.5-t2v-preview',
      { resolution: '1280x720', aspectRatio: '1:1' },
      { resolution: '720p', aspect_ratio: '1:1' },
      ['resolution'],
    ],
    [
      'pixels that agree with the ratio',
      'wan2.5-t2v-preview',
      { resolution: '1280x720', aspectRatio: '16:9' },
      { resolution: '720p', aspect_ratio: '16:9' },
      [],
    ],
    [
      'pixels of a model whose picture tells the shape',
      'wan2.2-i2v-plus',
      { resolution: '480x832', image },
      { resolution: '480P', image_url: image.url },
      [],
    ],
    [
      'adaptive to auto',
      'wan2.2-vace-fun-a14b-depth',
      { aspectRatio: 'adaptive' },
      { aspect_ratio: 'auto' },
      [],
    ],
    [
      'adaptive of a model that cannot',
      'wan2.5-t2v-preview',
      { aspectRatio: 'adaptive' },
      {},
      ['aspectRatio'],
    ],
    [
      'adaptive of a model whose picture tells the shape',
      'wan2.2-i2v-plus',
      { aspectRatio: 'adaptive' },
      {},
      [],
    ],
    [
      'a ratio of a model whose picture tells the shape',
      'wan2.2-i2v-plus',
      { aspectRatio: '1:1' },
      {},
      ['aspectRatio'],
    ],
    [
      'seconds and sound',
      'wan-2-6-t2v',
      { duration: 15, generateAudio: false },
      { duration: 15, generate_audio: false },
      [],
    ],
    ['sound of a model that cannot', 'wan2.5-t2v-preview', { generateAudio: true }, {}, ['generateAudio']],
    ['frames a second', 'wan2.2-vace-fun-a14b-pose', { fps: 24 }, { frames_per_second: 24 }, []],
    ['a picture', 'wan-2-6-i2v', { image: base64 }, { image_url: 'data:image/png;base64,iVBORw0KGgo=' }, []],
    [
      'a picture of a model that has a first frame',
      'wan-2-7-r2v',
      { image },
      { first_frame_image: image.url },
      [],
    ],
    ['a picture of a model that works from words', 'wan2.5-t2v-preview', { image }, {}, ['image']],
    [
      'frames: the first, and a warning for the last',
      'wan-2-6-i2v',
      {
        frameImages: [
          { image, frameType: 'first_frame' },
          { image, frameType: 'last_frame' },
        ],
      },
      { image_url: image.url },
      ['frameImages'],
    ],
    [
      'references by what they are',
      'wan-2-7-r2v',
      { inputReferences: [image, clip, { ...image, mediaType: 'video/mp4' }] },
      { image_urls: [image.url], video_urls: [clip.url, image.url] },
      [],
    ],
    [
      'references of a model that takes videos alone',
      'wan-2-6-r2v',
      { inputReferences: [{ type: 'url', url: 'https://example.com/a' }] },
      { video_urls: ['https://example.com/a'] },
      [],
    ],
    [
      'a picture, by its name, to no field for videos',
      'wan-2-6-r2v',
      { inputReferences: [image, clip] },
      { video_urls: [clip.url] },
      ['inputReferences'],
    ],
    [
      'a picture whose type is told as bytes alone, by its name',
      'wan-2-7-r2v',
      { inputReferences: [{ ...image, mediaType: 'application/octet-stream' }] },
      { image_urls: [image.url] },
      [],
    ],
    [
      'a reference too many',
      'wan2.2-14b-animate-move',
      { inputReferences: [clip, image, image] },
      { video_url: clip.url, image_url: image.url },
      ['inputReferences'],
    ],
    [
      'references of a model that takes none',
      'wan2.5-t2v-preview',
      { inputReferences: [image] },
      {},
      ['inputReferences'],
    ],
    ['words of a model that takes none', 'wan2.2-14b-animate-move', { prompt: 'a fox' }, {}, ['prompt']],
    ['more videos than a call makes', 'wan2.5-t2v-preview', { n: 2, seed: 7 }, { seed: 7 }, ['n']],
    [
      'all there is, of a model that is not known',
      'wan-9',
      { resolution: '1280x720', duration: 7, image, prompt: 'a fox' },
      { resolution: '720p', aspect_ratio: '16:9', duration: 7, image_url: image.url, prompt: 'a fox' },
      ['The model "wan-9" is not known here: nothing was checked before it was sent.'],
    ],
  ])('%s (%s)', async (_, model, options, fields, warned) => {
    expect(await draft(model, options)).toEqual({ fields, warned });
  });
});
