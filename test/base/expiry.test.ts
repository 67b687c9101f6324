import { describe, expect, test } from 'vitest';
import { expiresAt } from '../../src/base/expiry.js';

describe('expiresAt()', () => {
  test('expiresAt() reads the links that the API hands out', () => {
    const image =
      'https://cdn.aimlapi.com/alpaca/1d/6b/20260128/42f0a931/37d29071.png?Expires=1769623633&OSSAccessKeyId=LTAI5tRc&Signature=qCzOS4JIOE9Y3nuZLvlqm3NHBZU%3D';
    const video =
      'https://cdn.aimlapi.com/alpaca/1d/4b/20250804/e74f3495/dabf0a77.mp4?Expires=1754382147&OSSAccessKeyId=LTAI5tRc&Signature=zrF4UJZaHf%2BmF1%2BuryfrMhk%2Bk58%3D';
    expect(expiresAt(image)).toBe('2026-01-28T18:07:13.000Z');
    expect(expiresAt(video)).toBe('2025-08-05T08:22:27.000Z');
  });

  test.each([
    ['https://a.b/c?Signature=x&Expires=1', '1970-01-01T00:00:01.000Z'],
    ['https://a.b/c?Expires=8639999999999#part', '+275760-09-12T23:59:59.000Z'],
  ])('expiresAt() of %s is %s', (url, expected) => {
    expect(expiresAt(url)).toBe(expected);
  });

  test.each([
    'https://cdn.aimlapi.com/generations/hedgehog/1.png',
    'https://a.b/c?Expires=',
    'https://a.b/c?Expires=soon',
    'https://a.b/c?Expires=0',
    'https://a.b/c?Expires=-1',
    'https://a.b/c?Expires=NaN',
    'https://a.b/c?Expires=Infinity',
    'https://a.b/c?Expires=1769623633000000',
    'https://a.b/c?expires=1769623633',
    'https://a.b/Expires=1769623633',
    'no url?Expires=1769623633',
    '',
  ])('expiresAt() finds no time in %j', (url) => {
    expect(expiresAt(url)).toBeUndefined();
  });
});
