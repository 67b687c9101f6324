/** The chunks as one piece of memory. A single chunk is given as it is. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  if (first && chunks.length === 1) return first;
  let length = 0;
  for (const { byteLength } of chunks) length += byteLength;
  const joined = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    joined.set(chunk, position);
    position += chunk.byteLength;
  }
  return joined;
}

/** The same memory as bytes: a copy would take as much again. */
export function toBytes(source: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/** The text, without a byte order mark at its start. What is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A call takes some 60,000 arguments at most, and fewer where the stack is small. */
const charactersAtOnce = 4_096;

/** A text with one character for each byte. `TextDecoder` has no such encoding: its `latin1` is Windows-1252. */
export function toLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += charactersAtOnce) {
    // several times as quick as a spread
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, start + charactersAtOnce));
  }
  return text;
}

/** The bytes of a text that has one character for each. */
export function fromLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
