import { decodeUtf8, joinBytes } from '../base/bytes.js';
import type { FetchHeaders, FetchReader, FetchResponse } from '../base/fetch.js';
import { cutDepth, exactNumbers, idOf, isTooDeep, parseJson } from '../base/json.js';
import { toReadable } from '../base/thrown.js';
import type { Deadline } from '../time/deadline.js';
import { sleep } from '../time/sleep.js';

/** An HTTP answer, read as far as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: FetchHeaders;
  readonly text: string;
  /** The parsed JSON, without what is nested too deep; `undefined` where the text is no JSON. */
  readonly body: unknown;
  /** The untouched body, to be handed on: the parsed JSON, or its text where that is nested too deep. */
  readonly raw: unknown;
  /** Why the text ends early, where it does. */
  readonly error?: unknown;
  readonly isTimeout: boolean;
}

/** An attempt that got no answer. */
export interface Lost {
  readonly status?: undefined;
  readonly error: unknown;
  readonly isTimeout: boolean;
  /** `no`: the request provably never left. `never`: fetch refuses it at each attempt. `perhaps`: nobody can tell. */
  readonly wasSent: 'no' | 'never' | 'perhaps';
}

/** What the provider reads from an answer that is no success. */
export interface Problem {
  /** Whether the API itself wrote the answer, and not a proxy or a CDN. */
  fromApi: boolean;
  message?: string | undefined;
  code?: string | undefined;
  outOfCredits?: boolean;
}

/** The longest success that is read, unless the call expects more: a small gzip answer can unpack to gigabytes. */
const maxSuccessBytes = 4 * 2 ** 20;
const maxProblemBytes = 2 ** 20;

/** So many chunks are read before they are joined, and before timers run. */
const chunksAtOnce = 1_000;

/** In place of a status that is no number. No HTTP answer has it, so the sending table treats the request as lost. */
const noStatus = 0;

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Reads the body up to a limit. Does not throw where the body breaks off: the reason is the answer's `error`. */
export async function readAnswer(
  response: FetchResponse,
  deadline: Deadline,
  maxBytes = maxSuccessBytes,
): Promise<Answer> {
  if (typeof response?.headers?.get !== 'function') throw new TypeError('fetch gave no Response');
  const headers = toSafeHeaders(response.headers);
  // a browser gives this type, without a status, for a redirect that is not followed
  const given: unknown = response.type === 'opaqueredirect' ? 302 : response.status;
  const status = typeof given === 'number' ? given : noStatus;
  const limit = isSuccess(status) ? maxBytes : maxProblemBytes;
  const chunks = new Chunks();
  let reader: FetchReader | undefined;
  let bytes = 0;
  let error: unknown;
  try {
    reader = response.body?.getReader();
    for (let reads = 1; ; reads += 1) {
      // a body of which the next chunk is always there would keep timers and aborts from running
      if (reads % chunksAtOnce === 0) await deadline.until(sleep(1));
      const chunk = reader && (await deadline.until(reader.read()));
      if (!chunk?.value || chunk.done) break;
      if (!ArrayBuffer.isView(chunk.value)) throw new Error('fetch gave a body that is no bytes');
      chunks.add(chunk.value.subarray(0, limit - bytes));
      bytes += chunk.value.byteLength;
      if (bytes > limit) throw new Error(`the body is longer than ${limit} bytes`);
    }
  } catch (thrown) {
    error = toReadable(thrown);
    runQuietly(() => reader?.cancel?.());
  }
  const text = chunks.toText();
  const parsed = parseJson(text);
  const isDeep = isTooDeep(parsed);
  return {
    status,
    headers,
    text,
    body: isDeep ? cutDepth(parsed) : parsed,
    raw: isDeep ? text : parsed,
    error,
    isTimeout: error !== undefined && deadline.signal.aborted,
  };
}

/** The bytes of a body. A server may send millions of chunks of one byte. */
class Chunks {
  #recent: Uint8Array[] = [];
  readonly #joined: Uint8Array[] = [];

  add(chunk: Uint8Array): void {
    this.#recent.push(chunk);
    if (this.#recent.length < chunksAtOnce) return;
    // a chunk takes much more memory than its bytes
    this.#joined.push(joinBytes(this.#recent));
    this.#recent = [];
  }

  toText(): string {
    return decodeUtf8(joinBytes([...this.#joined, ...this.#recent]));
  }
}

/** The same headers; a value that is no text, or a `get` that throws, counts as a missing header. */
function toSafeHeaders(headers: FetchHeaders): FetchHeaders {
  return {
    get(name) {
      try {
        const value: unknown = headers.get(name);
        return typeof value === 'string' ? value : null;
      } catch {
        return null;
      }
    },
  };
}

/** An id in the body, letter by letter: JSON.parse rounds a number above 2^53. */
export function idIn({ body, text }: Answer, pick: (body: unknown) => unknown): string | undefined {
  return idOf(pick(exactBodyOf({ body, text })));
}

/** The body, with each number that JSON.parse would round as a text. */
export function exactBodyOf({ body, text }: Pick<Answer, 'body' | 'text'>): unknown {
  const hasRounded = /[:[,]\s*-?\d(\d{15}|[\d.]*e)/i.test(text);
  return hasRounded && body !== undefined ? cutDepth(parseJson(exactNumbers(text))) : body;
}

/**
 * The id under which the API keeps the request. A proxy may send the header twice, and fetch joins both values: the one
 * that is `known` from the body is taken, else the first.
 */
export function inferenceIdOf({ headers }: Pick<Answer, 'headers'>, known?: string): string | undefined {
  const ids = (headers.get('x-inference-id') ?? '').split(/[\s,]+/).filter((id) => id !== '');
  return ids.find((id) => id === known) ?? ids[0];
}

/** Closes an answer that nobody reads. A fetch of the caller may give an answer without a body, or without `cancel`. */
export function discard(response: FetchResponse | null | undefined): void {
  runQuietly(() => response?.body?.cancel?.());
}

/** Calls a function whose failure, thrown or rejected, must not matter. */
export function runQuietly(work: () => unknown): void {
  new Promise((resolve) => resolve(work())).catch(() => {});
}
