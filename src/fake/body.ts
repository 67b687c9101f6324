import { bytesPerMiB } from './units.js';

// the largest data URIs fit; a stream without end is refused before it fills the memory
const maxRequestBytes = 64 * bytesPerMiB;

/** Reads the body as text. Returns `undefined` if the body is longer than 64 MiB. */
export async function readRequestText(
  body: AsyncIterable<Uint8Array> | null,
  announcedBytes: number,
): Promise<string | undefined> {
  if (announcedBytes > maxRequestBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxRequestBytes) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
