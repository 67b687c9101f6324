import { createHmac, randomBytes } from 'node:crypto';

interface File {
  contentType: string;
  bytes: () => Uint8Array;
}

const secret = randomBytes(16);

/** The files behind the links: signed for a time, like those of the API's store. */
export class Files {
  readonly #byPath = new Map<string, File>();

  /** Keeps a file and gives its path. */
  add(name: string, file: File): string {
    const folder = createHmac('sha1', secret).update(name).digest('hex');
    const path = `/alpaca/${folder.slice(0, 2)}/${folder.slice(2, 4)}/${folder.slice(4, 12)}/${name}`;
    this.#byPath.set(path, file);
    return path;
  }

  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  /** A link to the file that works until `expires`, in seconds since 1970. */
  sign(origin: string, path: string, expires: number): string {
    const query = new URLSearchParams({
      Expires: String(expires),
      OSSAccessKeyId: 'LTAIEmbeddedApi',
      Signature: signatureOf(path, String(expires)),
    });
    return `${origin}${path}?${query}`;
  }

  serve(request: Request, url: URL): Response {
    const file = this.#byPath.get(url.pathname);
    if (!file) return refusal(404, 'NoSuchKey', 'The specified key does not exist.');
    if (request.headers.has('authorization')) {
      return refusal(
        400,
        'InvalidArgument',
        'A link is signed already: only one way to authenticate is allowed.',
      );
    }
    const expires = url.searchParams.get('Expires') ?? '';
    if (url.searchParams.get('Signature') !== signatureOf(url.pathname, expires)) {
      return refusal(403, 'SignatureDoesNotMatch', 'The signature does not match.');
    }
    if (Number(expires) * 1000 <= Date.now()) return refusal(403, 'AccessDenied', 'Request has expired.');
    const bytes = file.bytes();
    const etag = `"${createHmac('md5', 'etag').update(bytes).digest('hex').toUpperCase()}"`;
    return new Response(new Uint8Array(bytes), {
      headers: { 'content-type': file.contentType, 'content-length': String(bytes.byteLength), etag },
    });
  }
}

function signatureOf(path: string, expires: string): string {
  return createHmac('sha1', secret).update(`${path}\n${expires}`).digest('base64');
}

function refusal(status: number, code: string, message: string): Response {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new Response(body, { status, headers: { 'content-type': 'application/xml' } });
}
