import {
  type Draft,
  fieldFor,
  parseSize,
  put,
  startDraft,
  type Target,
  toAddress,
  warn,
  wordsOf,
} from './draft.js';
import type { ModelFile, VideoCallOptions } from './spec.js';

/** Two shapes are the same up to this difference: 832x480 is the API's 16:9. */
const tolerance = 0.03;

/** The fields of a video create. */
export async function draftVideo(target: Target, options: VideoCallOptions): Promise<Draft> {
  const { n, duration, fps, frameImages = [], inputReferences = [], generateAudio } = options;
  const draft = startDraft(target, options);
  if (n > 1) warn(draft, 'n', 'A call makes one video: leave maxVideosPerCall out.');
  putShape(draft, options);
  put(draft, 'duration', 'duration', duration);
  put(draft, 'fps', 'frames_per_second', fps);
  put(draft, 'generateAudio', 'generate_audio', generateAudio);
  const first = frameImages.find(({ frameType }) => frameType === 'first_frame')?.image ?? options.image;
  if (first) put(draft, 'image', fieldFor(draft, 'image', 'one'), await toAddress(first));
  if (frameImages.some(({ frameType }) => frameType === 'last_frame')) {
    warn(draft, 'frameImages', `${draft.modelId} takes no last frame.`);
  }
  for (const reference of inputReferences) await putReference(draft, reference);
  return draft;
}

/** The AI SDK asks for pixels, the API for the short side and a ratio. */
function putShape(draft: Draft, { resolution, aspectRatio }: VideoCallOptions): void {
  const { limits, fields } = draft;
  const ratios = wordsOf(limits.aspect_ratio);
  if (aspectRatio === 'adaptive') {
    if (ratios.includes('auto')) fields.aspect_ratio = 'auto';
    else if (limits.aspect_ratio) warn(draft, 'aspectRatio', `${draft.modelId} takes ${ratios.join(', ')}.`);
  } else put(draft, 'aspectRatio', 'aspect_ratio', aspectRatio);

  const size = parseSize(resolution);
  put(draft, 'resolution', 'resolution', size ? shortSideWord(draft, size) : resolution);
  if (!size || !limits.resolution || !limits.aspect_ratio) return;
  const shape = ratios.find((ratio) => isShape(ratio, size));
  if (shape && fields.aspect_ratio === undefined) fields.aspect_ratio = shape;
  if (shape && fields.aspect_ratio === shape) return;
  const told = aspectRatio ? 'aspectRatio tells the shape' : `the shapes are ${ratios.join(', ')}`;
  warn(draft, 'resolution', `Only its short side is used: ${told}.`);
}

/** `720p` or `720P`, as the model spells it. */
function shortSideWord({ limits }: Draft, { width, height }: { width: number; height: number }): string {
  const side = Math.min(width, height);
  return wordsOf(limits.resolution).find((word) => Number.parseInt(word, 10) === side) ?? `${side}p`;
}

function isShape(ratio: string, { width, height }: { width: number; height: number }): boolean {
  const [across = 0, down = 0] = ratio.split(':').map(Number);
  return Math.abs((width * down) / (height * across) - 1) < tolerance;
}

async function putReference(draft: Draft, file: ModelFile): Promise<void> {
  const medium = mediumOf(draft, file);
  const list = fieldFor(draft, medium, 'list');
  const one = fieldFor(draft, medium, 'one');
  if (list) {
    const { [list]: before } = draft.fields;
    draft.fields[list] = [...(Array.isArray(before) ? before : []), await toAddress(file)];
  } else if (one && draft.fields[one] === undefined) draft.fields[one] = await toAddress(file);
  else
    warn(draft, 'inputReferences', `${draft.modelId} takes no ${one ? 'other ' : ''}${medium} to refer to.`);
}

const nameEnds = {
  image: /\.(png|jpe?g|webp|gif|bmp|avif)([?#]|$)/i,
  video: /\.(mp4|m4v|mov|webm)([?#]|$)/i,
};

/** What a reference is: by its type, by its name, else what the model takes. */
function mediumOf(draft: Draft, file: ModelFile): string {
  const [medium = ''] = file.mediaType?.split('/') ?? [];
  if (medium !== '' && medium !== 'application') return medium;
  const name = file.type === 'url' ? file.url : '';
  if (nameEnds.image.test(name)) return 'image';
  if (nameEnds.video.test(name)) return 'video';
  const takesImages = fieldFor(draft, 'image', 'list') ?? fieldFor(draft, 'image', 'one');
  return takesImages === undefined ? 'video' : 'image';
}
