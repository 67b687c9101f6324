import type { InputIssue } from '../../base/errors.js';
import type { Checked } from '../../input/check.js';
import type { ImageInput, VideoInput } from './inputs.js';
import { judgeInput } from './judge-input.js';

/** An input that fits, as it would be sent, or all that is wrong with it. */
export type CheckedInput<Input = ImageInput | VideoInput> =
  | { value: Input; issues?: undefined }
  | { issues: InputIssue[]; value?: undefined };

/**
 * Checks an input of any model, as `generateImage` and `generateVideo` do before they send anything: `value` is what they
 * would send, with the long id in `model`. It does not judge private addresses, which depend on where the API is.
 *
 * It never throws, whatever it is given.
 *
 * @example
 * ```ts
 * const { value, issues } = checkInput(JSON.parse(text));
 * if (issues) return Response.json({ issues }, { status: 422 });
 * ```
 */
export function checkInput(input: VideoInput): CheckedInput<VideoInput>;
export function checkInput(input: ImageInput): CheckedInput<ImageInput>;
export function checkInput(input: unknown): CheckedInput;
// the schemas are held to the types of the inputs by the registry; here only the model's name is known
export function checkInput(input: unknown): Checked<object> {
  return judgeInput(input).result;
}
