/** The most that is taken of a request's body: room for the largest data URIs, and not for a stream without end. */
const maxBytes = 64 * 2 ** 20;

/** The body as text, or `undefined` where it is longer than a server takes. */
export async function readRequestText(
  body: AsyncIterable<Uint8Array> | null,
  announcedBytes: number,
): Promise<string | undefined> {
  if (announcedBytes > maxBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
