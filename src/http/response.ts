import type { Deadline } from '../deadline.js';
import { parseJson } from '../json.js';
import type { FetchHeaders, FetchReader, FetchResponse } from '../options.js';

/** An HTTP answer, read as far as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: FetchHeaders;
  readonly text: string;
  /** The parsed JSON; `undefined` where the text is none. */
  readonly body: unknown;
  /** Why the text ends early, where it does. */
  readonly cut?: unknown;
}

/** What an answer that is no success says, as the provider reads it. */
export interface Problem {
  /** Whether the API itself said it, and not something in between. */
  fromApi: boolean;
  message?: string | undefined;
  code?: string | undefined;
  outOfCredits?: boolean;
}

// four pictures as base64 fit with room to spare; an error page needs far less
const maxSuccessBytes = 2 ** 28;
const maxProblemBytes = 2 ** 20;

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Reads the body up to a limit. A body that breaks off, or an abort, is no error here: it is `cut`. */
export async function readAnswer(response: FetchResponse, deadline: Deadline): Promise<Answer> {
  const { headers } = response;
  if (typeof headers?.get !== 'function') throw new TypeError('fetch gave no Response');
  // a browser's way to hide a redirect that is not followed
  const status = response.type === 'opaqueredirect' ? 302 : response.status;
  const limit = isSuccess(status) ? maxSuccessBytes : maxProblemBytes;
  const chunks: Uint8Array[] = [];
  let reader: FetchReader | undefined;
  let bytes = 0;
  let cut: unknown;
  try {
    reader = response.body?.getReader();
    for (;;) {
      const chunk = reader && (await deadline.until(reader.read()));
      if (!chunk?.value || chunk.done) break;
      chunks.push(chunk.value.subarray(0, limit - bytes));
      bytes += chunk.value.byteLength;
      if (bytes > limit) throw new Error(`the body is longer than ${limit} bytes`);
    }
  } catch (error) {
    cut = error;
    // the rest is not wanted, and a failure to say so changes nothing
    reader?.cancel().catch(() => {});
  }
  const text = Buffer.concat(chunks)
    .toString()
    .replace(/^\uFEFF/, '');
  return { status, headers, text, body: parseJson(text), cut };
}

/** Closes an answer that nobody wants. */
export function discard({ body }: FetchResponse): void {
  // one that is being read belongs to its reader
  body?.cancel().catch(() => {});
}
