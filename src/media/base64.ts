import { toLatin1 } from '../base/bytes.js';
import { findNodeModule } from '../base/node-module.js';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const [padding, noDigit] = ['='.charCodeAt(0), 64];
/** A multiple of three, so that no piece but the last is padded. */
const bytesAtOnce = 3 * 2 ** 14;

/**
 * Gives the bytes of base64, of its URL form too. What is no digit is left out, and the text ends at its first `=`: the
 * same in every runtime.
 */
export function decodeBase64(text: string): Uint8Array {
  return (
    decodeStrictly(text) ?? findNodeModule('node:buffer')?.Buffer.from(text, 'base64') ?? decodeLoosely(text)
  );
}

/** By the engine, where it can: this is several times faster. `undefined` where the text is not plain base64. */
function decodeStrictly(text: string): Uint8Array | undefined {
  try {
    const decoded: unknown = Reflect.get(Uint8Array, 'fromBase64')?.call(Uint8Array, text);
    return decoded instanceof Uint8Array ? decoded : undefined;
  } catch {
    return undefined;
  }
}

export function decodeLoosely(text: string): Uint8Array {
  const values = new Uint8Array(128).fill(noDigit);
  for (const [value, digit] of [...digits, '-', '_'].entries()) {
    // the URL form has other signs for the last two
    values[digit.charCodeAt(0)] = value < noDigit ? value : value - 2;
  }
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let bitCount = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === padding) break;
    const value = values[code] ?? noDigit;
    if (value === noDigit) continue;
    bits = (bits << 6) | value;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[length] = bits >> bitCount;
    length += 1;
  }
  return bytes.subarray(0, length);
}

export function encodeBase64(bytes: Uint8Array): string {
  const encoded: unknown = Reflect.get(bytes, 'toBase64')?.call(bytes);
  if (typeof encoded === 'string') return encoded;
  const { Buffer } = findNodeModule('node:buffer') ?? {};
  if (Buffer) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return encodeByHand(bytes);
}

/** Piece by piece: `btoa` takes a text of the bytes, which takes several times their memory. */
export function encodeByHand(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += bytesAtOnce) {
    text += btoa(toLatin1(bytes.subarray(start, start + bytesAtOnce)));
  }
  return text;
}
