// Wraps the calls of an app in typed functions of its own. Costs 1 image and 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import {
  createWan,
  type ImageInput,
  type InputOf,
  type PollOptions,
  type SavedFile,
  type Usage,
  type VideoInput,
  type VideoModel,
  type Wan,
} from 'aimlapi-wan';

interface Clip {
  file: SavedFile;
  usage: Usage | undefined;
}

/** Any video model: the compiler checks the fields by `model`. */
async function makeClip(wan: Wan, input: VideoInput, path: string, options?: PollOptions): Promise<Clip> {
  const video = await wan.pollUntilDone(await wan.generateVideo(input), options);
  return { file: await wan.save(video, path), usage: video.usage };
}

/** One model, with fields that the app has decided. */
type TrailerInput = Omit<InputOf<'wan2.2-t2v-plus'>, 'model' | 'aspect_ratio'>;

function makeTrailer(wan: Wan, input: TrailerInput, path: string): Promise<Clip> {
  return makeClip(wan, { ...input, model: 'wan2.2-t2v-plus', aspect_ratio: '16:9' }, path, {
    intervalMs: 500,
  });
}

/** The models that an app offers: a wrong name does not compile. */
const offered = ['wan2.2-t2v-plus', 'wan2.5-t2v-preview'] satisfies VideoModel[];

async function makePoster(wan: Wan, input: ImageInput, path: string): Promise<SavedFile> {
  const { images } = await wan.generateImage(input);
  return wan.save(images[0], path);
}

const wan = createWan();
const poster = await makePoster(wan, { model: 'wan2.2-t2i-plus', prompt: 'a film poster' }, 'out/poster.png');
const trailer = await makeTrailer(
  wan,
  { prompt: 'a ship in a storm', resolution: '480P' },
  'out/trailer.mp4',
);
console.log(offered.join(), poster.path, trailer.file.path, `$${trailer.usage?.usdSpent}`);

// what the compiler refuses: a value that the model does not have, and a field of another model
// @ts-expect-error
const wrongValue: TrailerInput = { prompt: 'a ship', resolution: '720P' };
// @ts-expect-error
const wrongField: TrailerInput = { prompt: 'a ship', duration: 5 };
console.log([wrongValue, wrongField].length, 'mistakes found by the compiler');
