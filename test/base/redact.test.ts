import { describe, expect, test } from 'vitest';
import { printable, printableUrl, redact } from '../../src/base/redact.js';
import { isHttp, parseUrl } from '../../src/base/url.js';

describe('parseUrl()', () => {
  test.each([
    ['https://a.b/c?d', 'https://a.b/c?d'],
    [new URL('file:///tmp/a'), 'file:///tmp/a'],
  ])('parseUrl() reads %s', (address, href) => {
    expect(parseUrl(address)?.href).toBe(href);
  });

  test.each(['', 'cat.png', '/v1/images', 'https://', 'https://secret@:x'])(
    'parseUrl() gives undefined for %j',
    (text) => {
      expect(parseUrl(text)).toBeUndefined();
    },
  );
});

test.each([
  ['http://a.b', true],
  ['HTTPS://a.b', true],
  ['ftp://a.b', false],
  ['data:,x', false],
])('isHttp() of %s is %s', (address, expected) => {
  expect(isHttp(new URL(address))).toBe(expected);
});

test.each([
  ['https://me:hunter2@a.b:8443/c/d?Signature=x#y', 'https://a.b:8443/c/d'],
  ['data:image/png;base64,iVBORw0KGgo=', 'data:…'],
  ['ftp://me:hunter2@a.b/c', 'ftp:…'],
  ['no url with a secret', '(not a URL)'],
])('printableUrl() of %s is %s', (address, expected) => {
  expect(printableUrl(address)).toBe(expected);
});

describe('redact()', () => {
  test('redact() masks every secret everywhere', () => {
    expect(redact('a key-1 b key-2 c key-1', ['key-1', 'key-2'])).toBe('a *** b *** c ***');
  });

  test('redact() leaves the text alone when a secret is empty', () => {
    expect(redact('text', ['', 'other'])).toBe('text');
  });

  test.each([
    ['GET https://a.b/c?Signature=x failed', 'GET https://a.b/c?*** failed'],
    ['open "HTTP://a.b?x=y&z", then <https://c.d/e?f>', 'open "HTTP://a.b?***", then <https://c.d/e?***>'],
    ['(https://a.b/c?d) and file:///e?f', '(https://a.b/c?***) and file:///e?***'],
    ["https://a.b/c?sig=a(b)c'd!e~f*g, then", 'https://a.b/c?***, then'],
    ["{ url: 'https://a.b/c?d=1', code: 5 }", "{ url: 'https://a.b/c?***', code: 5 }"],
    ['https://a.b/c#Signature=x. The end', 'https://a.b/c#***. The end'],
    ['to http://me:hunter2@proxy:80/x and s3://me@b/k?x', 'to http://***@proxy:80/x and s3://***@b/k?***'],
    ['through me:hunter2@proxy:80', 'through ***@proxy:80'],
    ['at https://a.b/@team/c', 'at https://a.b/@team/c'],
    ['next=https%3A%2F%2Fa.b%2Fc%3FSignature%3Dx%26y end', 'next=https%3A%2F%2Fa.b%2Fc%3F*** end'],
    ['https%3a%2f%2fme%3apw%40a.b%2fc%23d', 'https%3a%2f%2f***@a.b%2fc%23***'],
    ['https%253A%252F%252Fa.b%252Fc%253FSignature', 'https%253A%252F%252Fa.b%252Fc%253F***'],
    ['see /a.png#access_token=x', 'see /a.png#***'],
    ['no address? no query', 'no address? no query'],
    [
      'see "/a.png?Signature=x&Expires=1", then b?Expires=1&X-Amz-Signature=y',
      'see "/a.png?***", then b?***',
    ],
    ['at /src/a.ts?t=12:3:4', 'at /src/a.ts?t=12:3:4'],
  ])('redact() takes the query off every address in %j', (text, expected) => {
    expect(redact(text)).toBe(expected);
    expect(redact(expected)).toBe(expected);
  });

  test.each([
    ['the latest test of tests, test', 'test', 'the latest *** of tests, ***'],
    ['key=a.c, a.cd', 'a.c', 'key=***, a.cd'],
    ['latest-key-1x', 'key-1234', 'latest-key-1x'],
    ['xkey-1234x', 'key-1234', 'x***x'],
    ['?k=a%2Fb%2012345', 'a/b 12345', '?k=***'],
  ])('redact() makes of %j with the secret %j %j', (text, secret, expected) => {
    expect(redact(text, [secret])).toBe(expected);
  });

  test.each([
    'https://a?',
    '?',
    '#',
    'a:',
    '@',
    'a:b@',
    'https://',
    '%3A%2F%2F',
    'Bearer ',
    "https://a/?'",
    'x',
  ])('redact() reads a long row of %j in linear time', (part) => {
    const timeOf = (length: number) => {
      const text = part.repeat(length / part.length);
      const startedAt = performance.now();
      redact(text, ['short', 'a-longer-secret']);
      return performance.now() - startedAt;
    };
    timeOf(5_000);
    // a hundred times the length: quadratic time would be 10,000 times as much
    expect(timeOf(500_000)).toBeLessThan(1_500 * Math.max(timeOf(5_000), 0.5));
  });

  test('redact() takes a secret word for word, not as a pattern', () => {
    expect(redact('a.c abc $& a.c', ['a.c'])).toBe('*** abc $& ***');
  });
});

const circular: Record<string, unknown> = {};
circular.self = circular;

describe('printable()', () => {
  test.each([5, 0, -1.5, true, false, null, '', 'a dragon', 'x'.repeat(80)])(
    'printable() leaves %j as it is',
    (value) => {
      expect(printable(value)).toBe(value);
    },
  );

  test.each([
    [undefined, '(undefined)'],
    [5n, '(bigint)'],
    [Symbol('s'), '(symbol)'],
    [(key: string) => key, '(function)'],
    [Buffer.alloc(3e6), '(3000000 bytes)'],
    ['Bearer sk-0123456789', 'Bearer ***'],
    ['x'.repeat(81), `${'x'.repeat(60)}… (81 characters)`],
    [{ apiKey: 'sk-0123456789' }, '(object)'],
    [[1, 'a'], '(a list of 2)'],
    [circular, '(object)'],
    ['data:image/png;base64,iVBORw0KGgo=', 'data:image/png;base64,… (34 characters)'],
    [`data:${'x'.repeat(90)},abc`, `data:${'x'.repeat(35)}… (99 characters)`],
    ['data:without a comma', '… (20 characters)'],
    ['https://me:hunter2@a.b/c?d=e', 'https://a.b/c'],
    ['HTTPS://me:hunter2@a.b?d=e#f', 'HTTPS://a.b'],
    ['ftp://me:hunter2@a.b/c?d=e', 'ftp://a.b/c'],
    [' https://me:hunter2@a.b/c?d=e', ' https://a.b/c'],
    ['https://a.b/c\n', 'https://a.b/c\n'],
    ['https://me:hunter2@:x/c?d=e', 'https://:x/c'],
    ['see https://a.b/c?d=e', 'see https://a.b/c?***'],
    [`https://a.b/${'c'.repeat(90)}`, `https://a.b/${'c'.repeat(48)}… (102 characters)`],
    ['aB1+'.repeat(25), '(100 characters of base64)'],
    [`${'aB1+'.repeat(15)}aA==`, '(64 characters of base64)'],
    ['aB1+'.repeat(15), 'aB1+'.repeat(15)],
    ['/files/a.png?Signature=x&Expires=1', '/files/a.png?***'],
    ['files/a.png?OSSAccessKeyId=x', 'files/a.png?***'],
  ])('printable() shows %o as %j', (value, expected) => {
    expect(printable(value)).toBe(expected);
  });

  test('redact() takes no longer for addresses in a row than for one', () => {
    // with time that grows as the square of the length, this would take hours
    const text = 'http://'.repeat(1_000_000);
    expect(redact(text)).toBe(text);
    expect(redact(`${'http://a.b/c?d=e '.repeat(3)}`)).toBe('http://a.b/c?*** '.repeat(3));
  });

  test('redact() takes no longer for question marks in a row than for one', () => {
    const text = '?'.repeat(1_000_000) + 'x'.repeat(1_000_000);
    expect(redact(text)).toBe(text);
  });

  test('printable() shows a long text without spaces when it is no base64', () => {
    expect(printable('a'.repeat(70))).toBe('a'.repeat(70));
  });
});
