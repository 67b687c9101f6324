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
import type { ImageCallOptions } from './spec.js';

/** The fields of an image create. */
export async function draftImage(target: Target, options: ImageCallOptions): Promise<Draft> {
  const { n, size, aspectRatio, files, mask } = options;
  const draft = startDraft(target, options);
  if (n > 1) put(draft, 'n', 'num_images', n);
  put(draft, 'size', 'image_size', parseSize(size) ?? size);
  if (aspectRatio !== undefined) putAspectRatio(draft, aspectRatio);
  if (files && files.length > 0) {
    const field = fieldFor(draft, 'image', 'list');
    if (field) draft.fields[field] = await Promise.all(files.map(toAddress));
    else warn(draft, 'files', `${draft.modelId} works from text alone.`);
  }
  if (mask) warn(draft, 'mask', `${draft.modelId} takes no mask: say in the prompt what to change.`);
  return draft;
}

/** The models have no field for a ratio, but sizes that are named by theirs. */
function putAspectRatio(draft: Draft, aspectRatio: string): void {
  const presets = wordsOf(draft.limits.image_size);
  const preset = presets.find((each) => ratioOf(each) === aspectRatio);
  const known = [...new Set(presets.map(ratioOf))].join(', ');
  if (draft.fields.image_size !== undefined) warn(draft, 'aspectRatio', 'size tells the ratio already.');
  else if (preset) draft.fields.image_size = preset;
  else warn(draft, 'aspectRatio', `${draft.modelId} takes ${known}; for another ratio pass size.`);
}

/** `4:3` of `landscape_4_3`, and `3:4` of `portrait_4_3`. */
function ratioOf(preset: string): string {
  const [shape, longSide, shortSide] = preset.split('_');
  if (shape === 'square') return '1:1';
  return shape === 'portrait' ? `${shortSide}:${longSide}` : `${longSide}:${shortSide}`;
}
