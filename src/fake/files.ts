import { createHmac, randomBytes } from 'node:crypto';
import { msPerSecond } from './units.js';

interface StoredFile {
  contentType: string;
  bytes: () => Uint8Array;
}

const signingSecret = randomBytes(16);

/** Holds the generated files. Each link is signed and expires, as in the API's file store. */
export class Files {
  readonly #byPath = new Map<string, StoredFile>();

  /** Stores a file and returns its path. */
  add(name: string, file: StoredFile): string {
    const folder = createHmac('sha1', signingSecret).update(name).digest('hex');
    const path = `/alpaca/${folder.slice(0, 2)}/${folder.slice(2, 4)}/${folder.slice(4, 12)}/${name}`;
    this.#byPath.set(path, file);
    return path;
  }

  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  /** Makes a link that works until `expires`, in seconds since 1970. */
  sign(origin: string, path: string, expires: number): string {
    const query = new URLSearchParams({
      Expires: String(expires),
      OSSAccessKeyId: 'LTAIEmbeddedApi',
      Signature: signatureOf(path, String(expires)),
    });
    return `${origin}${path}?${query}`;
  }

  serve(request: Request, url: URL, ranges = true): Response {
    const file = this.#byPath.get(url.pathname);
    if (!file) return answerStoreError(404, 'NoSuchKey', 'The specified key does not exist.');
    if (request.headers.has('authorization')) {
      return answerStoreError(
        400,
        'InvalidArgument',
        'A link is signed already: only one way to authenticate is allowed.',
      );
    }
    const expires = url.searchParams.get('Expires') ?? '';
    if (url.searchParams.get('Signature') !== signatureOf(url.pathname, expires)) {
      return answerStoreError(403, 'SignatureDoesNotMatch', 'The signature does not match.');
    }
    if (Number(expires) * msPerSecond <= Date.now()) {
      return answerStoreError(403, 'AccessDenied', 'Request has expired.');
    }
    return answerFile(request, file, ranges);
  }
}

/** Answers with the whole file. With a `Range`, answers with that part, unless `If-Range` names another etag. */
function answerFile(request: Request, file: StoredFile, ranges: boolean): Response {
  const bytes = new Uint8Array(file.bytes());
  const etag = `"${createHmac('md5', 'etag').update(bytes).digest('hex').toUpperCase()}"`;
  const headers = { 'content-type': file.contentType, ...(ranges && { etag, 'accept-ranges': 'bytes' }) };
  const start = /^bytes=(\d+)-$/.exec(request.headers.get('range') ?? '')?.[1];
  const same = (request.headers.get('if-range') ?? etag) === etag;
  if (!ranges || start === undefined || !same) return answerBytes(200, bytes, headers);
  const total = bytes.byteLength;
  if (Number(start) >= total) {
    return answerBytes(416, new Uint8Array(), { 'content-range': `bytes */${total}` });
  }
  const part = { ...headers, 'content-range': `bytes ${start}-${total - 1}/${total}` };
  return answerBytes(206, bytes.subarray(Number(start)), part);
}

function answerBytes(
  status: number,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Response {
  return new Response(bytes, { status, headers: { ...headers, 'content-length': String(bytes.byteLength) } });
}

function signatureOf(path: string, expires: string): string {
  return createHmac('sha1', signingSecret).update(`${path}\n${expires}`).digest('base64');
}

function answerStoreError(status: number, code: string, message: string): Response {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new Response(body, { status, headers: { 'content-type': 'application/xml' } });
}
