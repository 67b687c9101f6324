import { describe, expect, test } from 'vitest';
import { decodeUtf8, fromLatin1, joinBytes, toBytes, toLatin1 } from '../../src/base/bytes.js';

const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe('joinBytes()', () => {
  test.each([[[]], [['abc']], [['a', '', 'bc']]])('joinBytes() joins %j', (texts) => {
    const chunks = texts.map((text) => new TextEncoder().encode(text));
    expect(decodeUtf8(joinBytes(chunks))).toBe(texts.join(''));
  });

  test('joinBytes() copies no single chunk', () => {
    expect(joinBytes([all])).toBe(all);
  });
});

test('toBytes() sees the same memory', () => {
  const view = new DataView(all.buffer, 3, 4);
  expect([...toBytes(view)]).toEqual([3, 4, 5, 6]);
  expect(toBytes(view).buffer).toBe(all.buffer);
  expect([...toBytes(all.buffer)]).toEqual([...all]);
});

test.each([
  ['a text', 'é€😀 a'],
  ['a byte order mark', '\uFEFFa'],
  ['two byte order marks', '\uFEFF\uFEFFa'],
  ['a zero', 'a\0b'],
])('decodeUtf8() reads %s as Buffer does, without the first mark', (_, text) => {
  expect(decodeUtf8(Buffer.from(text))).toBe(
    Buffer.from(text)
      .toString()
      .replace(/^\uFEFF/, ''),
  );
});

test('decodeUtf8() replaces what is no UTF-8 as Buffer does', () => {
  for (let length = 1; length < 200; length += 1) {
    const bytes = all.map((byte) => (byte * length * 7) % 256);
    expect(decodeUtf8(bytes)).toBe(Buffer.from(bytes).toString());
  }
});

test.each([0, 1, 256, 4_096, 4_097, 65_536])('toLatin1() and fromLatin1() keep %i bytes', (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => index % 251);
  expect(toLatin1(bytes)).toBe(Buffer.from(bytes).toString('latin1'));
  expect(Buffer.from(fromLatin1(toLatin1(bytes))).equals(bytes)).toBe(true);
  expect(toLatin1(all)).toBe(Buffer.from(all).toString('latin1'));
});
