import { describe, expect, test } from 'vitest';
import { decodeBase64, decodeLoosely, encodeBase64, encodeByHand } from '../../src/media/base64.js';

/** A few hundred texts of the same kind, the same at each run. */
function texts(signs: string): string[] {
  let state = 1;
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  return Array.from({ length: 400 }, (_, length) =>
    Array.from({ length: length % 60 }, () => signs[next(signs.length)]).join(''),
  );
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

describe('decodeBase64(), and decodeLoosely(), which stands in for it in other runtimes,', () => {
  test.each([
    ['digits alone', digits],
    ['the URL form', `${digits}-_`],
    ['padding', `${digits}=`],
    ['lines', `${digits}\r\n\t `],
    ['what is no digit', `${digits}!*.,é€\uD800\0`],
    ['all of this', `${digits}-_=\n !é`],
  ])('agree with Buffer about %s', (_, signs) => {
    for (const text of texts(signs)) {
      const expected = Buffer.from(text, 'base64').toString('hex');
      expect(Buffer.from(decodeBase64(text)).toString('hex')).toBe(expected);
      expect(Buffer.from(decodeLoosely(text)).toString('hex')).toBe(expected);
    }
  });

  test.each(['aGk=aGk=', 'aGk=a', '====', 'a', '', '=aGk', 'aGk', 'aG!k=', 'aG\nk='])(
    'agree about %j',
    (text) => {
      expect(Buffer.from(decodeLoosely(text))).toEqual(Buffer.from(text, 'base64'));
      expect(Buffer.from(decodeBase64(text))).toEqual(Buffer.from(text, 'base64'));
    },
  );
});

test.each([...Array.from({ length: 12 }, (_, length) => length), 100_000])(
  'encodeBase64() and encodeByHand() encode %i bytes as Buffer does',
  (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + 250) % 256);
    const expected = Buffer.from(bytes).toString('base64');
    expect(encodeBase64(bytes)).toBe(expected);
    expect(encodeByHand(bytes)).toBe(expected);
    expect(encodeByHand(bytes.subarray(1))).toBe(Buffer.from(bytes.subarray(1)).toString('base64'));
  },
);
