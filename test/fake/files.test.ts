import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Files } from '../../src/fake/files.js';

const origin = 'https://cdn.aimlapi.com';
const bytes = new Uint8Array([1, 2, 3, 4, 5]);
const now = Date.parse('2026-11-01T12:00:00.000Z');
const soon = now / 1000 + 60;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now });
});

afterEach(() => {
  vi.useRealTimers();
});

function store(name = 'cat.png') {
  const files = new Files();
  const path = files.add(name, { contentType: 'image/png', bytes: () => bytes });
  return { files, path, link: files.sign(origin, path, soon) };
}

function ask(files: Files, link: string | URL, headers: Record<string, string> = {}): Response {
  return files.serve(new Request(link, { headers }), new URL(link));
}

async function codeOf(response: Response): Promise<string | undefined> {
  expect(response.headers.get('content-type')).toBe('application/xml');
  return /<Code>(.*)<\/Code>/.exec(await response.text())?.[1];
}

describe('Files', () => {
  test('sign() makes a link like those of the store', () => {
    const { path, link } = store();
    const url = new URL(link);
    expect(path).toMatch(/^\/alpaca\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{8}\/cat\.png$/);
    expect(url.origin + url.pathname).toBe(origin + path);
    expect([...url.searchParams.keys()]).toEqual(['Expires', 'OSSAccessKeyId', 'Signature']);
    expect(url.searchParams.get('Expires')).toBe(String(soon));
    expect(Buffer.from(url.searchParams.get('Signature') ?? '', 'base64')).toHaveLength(20);
  });

  test('has() knows the paths that were added', () => {
    const { files, path } = store();
    expect(files.has(path)).toBe(true);
    expect(files.has(`${path}x`)).toBe(false);
    expect(store('dog.png').path).not.toBe(path);
  });

  test('serve() gives the bytes with their type, length and a strong ETag', async () => {
    const { files, link } = store();
    const response = ask(files, link);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('content-length')).toBe('5');
    expect(response.headers.get('etag')).toMatch(/^"[0-9A-F]{32}"$/);
    expect(ask(files, link).headers.get('etag')).toBe(response.headers.get('etag'));
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test('serve() hands out a copy, so that nobody changes the file', async () => {
    const { files, link } = store();
    new Uint8Array(await ask(files, link).arrayBuffer()).fill(9);
    expect(new Uint8Array(await ask(files, link).arrayBuffer())).toEqual(new Uint8Array([1, 2, 3, 4, 5]));
  });

  test('serve() refuses a path that it does not know', async () => {
    const { files, link } = store();
    const response = ask(files, link.replace('cat.png', 'dog.png'));
    expect(response.status).toBe(404);
    await expect(codeOf(response)).resolves.toBe('NoSuchKey');
  });

  test('serve() refuses a link from the second at which it expires', async () => {
    const { files, link } = store();
    vi.setSystemTime(soon * 1000 - 1);
    expect(ask(files, link).status).toBe(200);
    vi.setSystemTime(soon * 1000);
    const response = ask(files, link);
    expect(response.status).toBe(403);
    await expect(codeOf(response)).resolves.toBe('AccessDenied');
  });

  test.each([
    ['Signature', 'AAAA'],
    ['Signature', ''],
    ['Expires', String(soon + 3600)],
    ['Expires', ''],
  ])('serve() refuses a link with another %s', async (name, value) => {
    const { files, link } = store();
    const url = new URL(link);
    url.searchParams.set(name, value);
    const response = ask(files, url);
    expect(response.status).toBe(403);
    await expect(codeOf(response)).resolves.toBe('SignatureDoesNotMatch');
  });

  test('serve() refuses a link without a query, and the signature of another file', async () => {
    const { files, path, link } = store();
    const other = files.add('dog.png', { contentType: 'image/png', bytes: () => bytes });
    expect(ask(files, `${origin}${path}`).status).toBe(403);
    expect(ask(files, `${origin}${other}${new URL(link).search}`).status).toBe(403);
  });

  test('serve() refuses a request that brings a key', async () => {
    const { files, link } = store();
    const response = ask(files, link, { authorization: 'Bearer sk-1' });
    expect(response.status).toBe(400);
    await expect(codeOf(response)).resolves.toBe('InvalidArgument');
  });

  test.each([
    ['bytes=2-', {}, 206, 'bytes 2-4/5', [3, 4, 5]],
    ['bytes=0-', {}, 206, 'bytes 0-4/5', [1, 2, 3, 4, 5]],
    ['bytes=4-', {}, 206, 'bytes 4-4/5', [5]],
    ['bytes=5-', {}, 416, 'bytes */5', []],
    ['bytes=2-', { 'if-range': '"another"' }, 200, null, [1, 2, 3, 4, 5]],
    ['pages=2-', {}, 200, null, [1, 2, 3, 4, 5]],
  ])('serve() asked for %s with %j answers %i', async (range, headers, status, place, expected) => {
    const { files, link } = store();
    const response = ask(files, link, { range, ...headers });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-range')).toBe(place);
    expect(response.headers.get('content-length')).toBe(String(expected.length));
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual(expected);
  });

  test('serve() gives the rest of the same file when If-Range names its ETag', async () => {
    const { files, link } = store();
    const etag = ask(files, link).headers.get('etag') ?? '';
    const response = ask(files, link, { range: 'bytes=3-', 'if-range': etag });
    expect(response.status).toBe(206);
    expect(response.headers.get('etag')).toBe(etag);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([4, 5]);
  });

  test('serve() gives whole files only, without an ETag, when it has no ranges', async () => {
    const { files, link } = store();
    const request = new Request(link, { headers: { range: 'bytes=2-' } });
    const response = files.serve(request, new URL(link), false);
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBeNull();
    expect(response.headers.get('accept-ranges')).toBeNull();
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 3, 4, 5]);
  });
});
