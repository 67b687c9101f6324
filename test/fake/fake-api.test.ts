import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFakeApi, type FakeApi, type FakeApiOptions } from '../../src/testing.js';

interface Wire {
  api: FakeApi;
  origin: string;
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
}

/** The embedded API behind its own fetch, or behind a socket and the plain global one. */
async function open(by: string, options: FakeApiOptions = {}): Promise<Wire> {
  const api = createFakeApi(options);
  if (by === 'api.fetch') return { api, origin: 'https://api.aimlapi.com', fetch: api.fetch };
  const server = await api.listen();
  onTestFinished(() => server.close());
  return { api, origin: server.url, fetch: (url, init) => globalThis.fetch(url, init) };
}

const wires = ['api.fetch', 'a socket'];
const imagePath = '/v1/images/generations';
const videoPath = '/v2/video/generations';
const legacyPath = '/v2/generate/video/alibaba/generation';
const imageBody = { model: 'alibaba/wan2.2-t2i-plus', prompt: 'a lighthouse', image_size: 'square' };
const videoBody = { model: 'alibaba/wan2.2-t2v-plus', prompt: 'a dragon' };
const legacyBody = { model: 'wan/v2.1/1.3b/text-to-video', prompt: 'a dragon' };
const dataUri = 'data:image/png;base64,iVBORw0KGgo=';

function post(
  { origin, fetch }: Wire,
  path: string,
  body: unknown,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(origin + path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { authorization: 'Bearer sk-1', 'content-type': 'application/json', ...init.headers },
  });
}

function ask(
  { origin, fetch }: Wire,
  id: string,
  path = videoPath,
  init: RequestInit = {},
): Promise<Response> {
  const query = new URLSearchParams({ generation_id: id });
  return fetch(`${origin}${path}?${query}`, { ...init, headers: { authorization: 'Bearer sk-1' } });
}

interface Answer {
  id: string;
  status: string;
  created: number;
  data: { url?: string; b64_json?: string }[];
  video?: { url: string } | null;
  error?: { name: string; message: string; data?: unknown };
  meta: { usage: { credits_used: number; usd_spent: number } };
}

async function read(response: Promise<Response> | Response): Promise<Answer> {
  const answer: Answer = JSON.parse(await (await response).text());
  return answer;
}

async function makeImage(wire: Wire, fields: object = {}): Promise<Answer> {
  return read(post(wire, imagePath, { ...imageBody, ...fields }));
}

async function linkOf(wire: Wire, fields: object = {}): Promise<string> {
  const { data } = await makeImage(wire, fields);
  return data[0]?.url ?? '';
}

async function errorOf(work: Promise<unknown>): Promise<{ name: string; message: string; cause?: unknown }> {
  const [outcome] = await Promise.allSettled([work]);
  if (outcome.status === 'fulfilled') throw new Error('it did not fail');
  return outcome.reason;
}

/** Width, height and pixels of a PNG, which has to be sound. */
function readPng(bytes: Buffer): { width: number; height: number } {
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect(bytes.subarray(8, 16).toString('latin1')).toBe('\0\0\0\rIHDR');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  expect([...bytes.subarray(24, 29)]).toEqual([8, 2, 0, 0, 0]);
  const length = bytes.readUInt32BE(33);
  expect(bytes.subarray(37, 41).toString('latin1')).toBe('IDAT');
  expect(inflateSync(bytes.subarray(41, 41 + length))).toHaveLength(height * (1 + width * 3));
  expect(bytes.subarray(-8, -4).toString('latin1')).toBe('IEND');
  return { width, height };
}

async function fileOf(wire: Wire, url: string): Promise<Buffer> {
  const response = await wire.fetch(url);
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(response.headers.get('content-length')).toBe(String(bytes.byteLength));
  return bytes;
}

describe.each(wires)('createFakeApi() behind %s', (by) => {
  describe('keys', () => {
    test.each([
      ['none', {}],
      ['an empty one', { authorization: 'Bearer ' }],
      ['a bare one', { authorization: 'sk-1' }],
      ['another scheme', { authorization: 'Basic sk-1' }],
      ['the wrong header', { 'x-api-key': 'sk-1' }],
    ])('the API answers 401 when the key is %s', async (_, headers) => {
      const wire = await open(by);
      for (const [path, method] of [
        [imagePath, 'POST'],
        [videoPath, 'POST'],
        [legacyPath, 'GET'],
      ] as const) {
        const body = method === 'POST' ? { body: JSON.stringify(imageBody) } : {};
        const response = await wire.fetch(wire.origin + path, { method, headers, ...body });
        expect(response.status).toBe(401);
        expect(response.headers.get('content-type')).toBe('application/problem+json');
        expect(await response.json()).toMatchObject({
          title: 'Unauthorized',
          status: 401,
          instance: `${path}?`,
          error: { name: 'UnauthorizedException' },
        });
      }
      expect(wire.api.generations).toBe(0);
    });

    test('the API lets in the one key that is set, and any when none is', async () => {
      const strict = await open(by, { apiKey: 'sk-2' });
      expect((await post(strict, imagePath, imageBody)).status).toBe(401);
      const headers = { authorization: 'Bearer sk-2' };
      expect((await post(strict, imagePath, imageBody, { headers })).status).toBe(200);
      expect(strict.api.generations).toBe(1);
      const open1 = await open(by);
      expect((await post(open1, imagePath, imageBody, { headers })).status).toBe(200);
    });
  });

  describe('refusals', () => {
    test('the API answers 400 with every issue when a body breaks its rules', async () => {
      const wire = await open(by);
      const response = await post(wire, videoPath, { ...videoBody, prompt: 5, resolution: '720P' });
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('x-inference-id')).toBeNull();
      expect(await response.json()).toEqual({
        title: 'BadRequest',
        status: 400,
        message: 'Invalid payload provided',
        instance: '/v2/video/generations?',
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        requestId: response.headers.get('x-request-id'),
        error: {
          name: 'BadRequestException',
          message: 'Invalid payload provided',
          data: [
            expect.objectContaining({ code: 'invalid_type', path: ['prompt'], received: 'number' }),
            expect.objectContaining({
              code: 'invalid_enum_value',
              path: ['resolution'],
              received: '720P',
              options: ['480P', '1080P'],
            }),
          ],
        },
      });
    });

    test.each([
      ['no prompt', imagePath, { model: imageBody.model }],
      ['five images', imagePath, { ...imageBody, num_images: 5 }],
      ['a short model id', imagePath, { ...imageBody, model: 'wan2.2-t2i-plus' }],
      ['a video model', imagePath, videoBody],
      ['an image model', videoPath, imageBody],
      ['no model', videoPath, { prompt: 'a dragon' }],
      ['a list of one model', videoPath, { ...videoBody, model: [videoBody.model] }],
      ['a model called constructor', videoPath, { ...videoBody, model: 'constructor' }],
      ['a short alias', videoPath, { ...videoBody, model: 'wan2.6-t2v' }],
      ['an alias of a video model', imagePath, { ...imageBody, model: 'alibaba/wan2.6-t2v' }],
      ['a duration as text', videoPath, { ...videoBody, model: 'alibaba/wan2.6-t2v', duration: '10' }],
      ['no picture', videoPath, { ...videoBody, model: 'alibaba/wan2.2-i2v-plus' }],
      ['audio in the body', videoPath, { ...videoBody, model: 'alibaba/wan-2-7-t2v', audio_url: dataUri }],
      ['a legacy model', videoPath, legacyBody],
      ['a list', imagePath, [imageBody]],
      ['broken JSON', imagePath, '{"model":'],
      ['nothing', imagePath, ''],
      ['null', videoPath, 'null'],
    ])('the API answers 400 and makes nothing when the body is %s', async (_, path, body) => {
      const wire = await open(by);
      expect((await post(wire, path, body)).status).toBe(400);
      expect(wire.api.generations).toBe(0);
      expect(wire.api.requests).toHaveLength(1);
    });

    test.each([
      ['GET', imagePath],
      ['DELETE', videoPath],
      ['PUT', legacyPath],
      ['POST', '/v1/video/generations/'],
      ['GET', '/'],
    ])('the API answers 404 to %s %s', async (method, path) => {
      const wire = await open(by);
      const response = await wire.fetch(wire.origin + path, {
        method,
        headers: { authorization: 'Bearer sk-1' },
      });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        instance: `${path}?`,
        error: { name: 'NotFoundException' },
      });
    });
  });

  describe('images', () => {
    test('the API answers with links, the time in milliseconds, the cost and its ids', async () => {
      const wire = await open(by);
      const before = Date.now();
      const headers = { 'x-client-request-id': 'mine:1' };
      const response = await post(wire, imagePath, { ...imageBody, num_images: 2 }, { headers });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(response.headers.get('x-client-request-id')).toBe('mine:1');
      expect(response.headers.get('x-inference-id')).toMatch(/./);
      expect(response.headers.get('x-request-id')).toMatch(/./);
      expect(response.headers.get('x-aimlapi-credits-used')).toBe('210000');
      expect(response.headers.get('x-aimlapi-usd-spent')).toBe('0.105000000');
      const answer = await read(response);
      expect(Object.keys(answer).toSorted()).toEqual(['created', 'data', 'meta']);
      expect(answer.created).toBeGreaterThanOrEqual(before);
      expect(answer.created).toBeLessThanOrEqual(Date.now());
      expect(answer.meta).toEqual({ usage: { credits_used: 210_000, usd_spent: 0.105 } });
      expect(answer.data).toHaveLength(2);
      for (const { url = '' } of answer.data) {
        const link = new URL(url);
        expect(link.origin).toBe(by === 'api.fetch' ? 'https://cdn.aimlapi.com' : wire.origin);
        expect(link.pathname).toMatch(/^\/alpaca\/.*\.png$/);
        expect([...link.searchParams.keys()]).toEqual(['Expires', 'OSSAccessKeyId', 'Signature']);
        const seconds = Number(link.searchParams.get('Expires')) - answer.created / 1000;
        expect(Math.abs(seconds - 86_400)).toBeLessThan(2);
      }
    });

    test.each(['a b', 'é', 'x'.repeat(129), '*'])('the API drops the client request id %j', async (id) => {
      const wire = await open(by);
      const response = await post(wire, imagePath, imageBody, { headers: { 'x-client-request-id': id } });
      expect(response.status).toBe(200);
      expect(response.headers.get('x-client-request-id')).toBeNull();
    });

    test.each([
      [{ width: 512, height: 1440 }, 512, 1440],
      [{ width: 1440, height: 544 }, 1440, 544],
      ['square_hd', 1024, 1024],
      ['square', 512, 512],
      ['portrait_4_3', 768, 1024],
      ['portrait_16_9', 576, 1024],
      ['landscape_4_3', 1024, 768],
      ['landscape_16_9', 1024, 576],
      [undefined, 1024, 768],
    ])('the API makes a sound PNG of the size %j', async (size, width, height) => {
      const wire = await open(by);
      const url = await linkOf(wire, { image_size: size });
      const response = await wire.fetch(url);
      expect(response.headers.get('content-type')).toBe('image/png');
      expect(readPng(Buffer.from(await response.arrayBuffer()))).toEqual({ width, height });
    });

    test('the API makes the same picture from the same seed, and others beside it', async () => {
      const wire = await open(by);
      const { data } = await makeImage(wire, { seed: 7, num_images: 4 });
      const again = await makeImage(wire, { seed: 7, prompt: 'something else' });
      const files = await Promise.all(
        [...data, ...again.data].map(async ({ url = '' }) => (await fileOf(wire, url)).toString('base64')),
      );
      expect(files).toHaveLength(5);
      expect(files[4]).toBe(files[0]);
      expect(new Set(files).size).toBe(4);
    });

    test('the API puts images into the answer when they are to come as base64', async () => {
      const wire = await open(by, { images: 'base64' });
      const { data } = await makeImage(wire, { num_images: 2 });
      expect(data).toHaveLength(2);
      for (const image of data) {
        expect(image.url).toBeNull();
        expect(readPng(Buffer.from(image.b64_json ?? '', 'base64'))).toEqual({ width: 512, height: 512 });
      }
    });
  });

  describe('videos', () => {
    test.each([videoPath, legacyPath])('the API starts a video at %s and tells its cost', async (path) => {
      const wire = await open(by);
      const response = await post(wire, path, videoBody);
      expect(response.status).toBe(200);
      const answer = await read(response);
      expect(answer).toEqual({
        id: response.headers.get('x-inference-id'),
        status: 'queued',
        meta: { usage: { credits_used: 200_000, usd_spent: 0.1 } },
      });
      expect(response.headers.get('x-aimlapi-credits-used')).toBe('200000');
    });

    test('the API starts the legacy model at the legacy path alone, and knows its video there alone', async () => {
      const wire = await open(by, { videoSeconds: 0 });
      const refusal = await post(wire, videoPath, legacyBody);
      expect(refusal.status).toBe(400);
      const { error } = await read(refusal);
      const options = expect.not.arrayContaining([legacyBody.model]);
      expect(error?.data).toMatchObject([{ received: legacyBody.model, path: ['model'], options }]);
      expect(error?.data).toHaveProperty('0.options.length', 20);
      expect(wire.api.generations).toBe(0);
      const response = await post(wire, legacyPath, legacyBody);
      expect(response.status).toBe(201);
      const { id, meta } = await read(response);
      expect(meta.usage.credits_used).toBe(200_000);
      expect((await ask(wire, id, videoPath)).status).toBe(404);
      expect(await read(ask(wire, id, legacyPath))).toMatchObject({ id, status: 'completed' });
    });

    test.each([
      ['the length it has when none is named', {}, 3_150_000],
      ['5 s', { duration: 5 }, 1_575_000],
      ['15 s', { duration: 15 }, 4_725_000],
    ])('the API bills a video by its length: %s', async (_, fields, credits) => {
      const wire = await open(by);
      const body = { ...videoBody, model: 'alibaba/wan-2-6-t2v', ...fields };
      expect((await read(post(wire, videoPath, body))).meta.usage.credits_used).toBe(credits);
    });

    test('the API heeds no length and no number where a model has none', async () => {
      const wire = await open(by);
      const fields = { duration: 15, num_images: 9 };
      const { meta } = await read(post(wire, videoPath, { ...videoBody, ...fields }));
      expect(meta.usage.credits_used).toBe(200_000);
      const image = await makeImage(wire, { ...fields, model: 'alibaba/wan-2-6-image' });
      expect(image.data).toHaveLength(1);
      expect(image.meta.usage.credits_used).toBe(78_000);
    });

    test('the API takes an alias for the model', async () => {
      const wire = await open(by, { videoSeconds: 0 });
      const model = 'alibaba/wan2.6-i2v-flash';
      expect((await post(wire, videoPath, { ...videoBody, model })).status).toBe(400);
      const { id } = await read(post(wire, videoPath, { ...videoBody, model, image_url: dataUri }));
      expect(await read(ask(wire, id))).toMatchObject({ status: 'completed' });
      const image = await makeImage(wire, { model: 'alibaba/wan2.7-image-pro', image_urls: [dataUri] });
      expect(image.meta.usage).toEqual({ credits_used: 195_000, usd_spent: 0.0975 });
    });

    test.each([
      [videoPath, legacyPath],
      [legacyPath, videoPath],
    ])('a video that was started at %s is known at %s as well', async (first, second) => {
      const wire = await open(by, { videoSeconds: 0 });
      const { id } = await read(post(wire, first, videoBody));
      for (const path of [first, second]) {
        const response = await ask(wire, id, path);
        expect(response.headers.get('x-inference-id')).toBe(id);
        expect(response.headers.get('x-aimlapi-credits-used')).toBeNull();
        expect(await read(response)).toEqual({ id, status: 'completed', video: { url: expect.any(String) } });
      }
    });

    test('the API gives ids of every form that was seen, and takes them back', async () => {
      const wire = await open(by, { videoSeconds: 0 });
      const ids: string[] = [];
      for (let count = 0; count < 3; count += 1) ids.push((await read(post(wire, videoPath, videoBody))).id);
      expect(ids).toEqual([
        expect.stringMatching(/^[0-9a-f-]{36}$/),
        expect.stringMatching(/^[0-9a-f-]{36}:alibaba\/wan2\.2-t2v-plus$/),
        expect.stringMatching(/^-[\w-]{20}$/),
      ]);
      for (const id of ids) {
        const { video, ...rest } = await read(ask(wire, id));
        expect(rest).toEqual({ id, status: 'completed' });
        expect(new URL(video?.url ?? '').pathname).toMatch(/^\/alpaca\/[\w/-]+\.mp4$/);
      }
    });

    test('the finished video is an MP4 file', async () => {
      const wire = await open(by, { videoSeconds: 0 });
      const { id } = await read(post(wire, videoPath, videoBody));
      const { video } = await read(ask(wire, id));
      const response = await wire.fetch(video?.url ?? '');
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(response.headers.get('content-type')).toBe('video/mp4');
      expect(response.headers.get('content-length')).toBe(String(bytes.byteLength));
      expect(bytes.subarray(4, 8).toString('latin1')).toBe('ftyp');
      const boxes: string[] = [];
      for (let at = 0; at < bytes.byteLength; at += bytes.readUInt32BE(at)) {
        boxes.push(bytes.subarray(at + 4, at + 8).toString('latin1'));
      }
      expect(boxes.filter((box) => box !== 'free')).toEqual(['ftyp', 'moov', 'mdat']);
    });

    test('the API answers 404 when it does not know the id', async () => {
      const wire = await open(by);
      for (const id of ['nobody', '']) {
        const response = await ask(wire, id);
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({
          message: 'Inference not found',
          instance: `${videoPath}?generation_id=${id}`,
        });
      }
    });
  });

  describe('links', () => {
    test('a link works more than once, without a key', async () => {
      const wire = await open(by);
      const url = await linkOf(wire);
      expect(readPng(await fileOf(wire, url))).toEqual(readPng(await fileOf(wire, url)));
    });

    test.each([
      ['a key', 400, (url: string) => url, { authorization: 'Bearer sk-1' }],
      ['another signature', 403, (url: string) => url.replace(/Signature=.{4}/, 'Signature=AAAA'), {}],
      ['a later end', 403, (url: string) => url.replace(/Expires=\d/, 'Expires=9'), {}],
      ['no query', 403, (url: string) => url.replace(/\?.*/, ''), {}],
      ['another name', 404, (url: string) => url.replace('.png', '.jpg'), {}],
    ])('a link with %s is refused with %i', async (_, status, change, headers) => {
      const wire = await open(by);
      const url = change(await linkOf(wire));
      expect((await wire.fetch(url, { headers })).status).toBe(status);
    });

    test('a link is refused when its time is over', async () => {
      const wire = await open(by, { linkSeconds: -1 });
      const response = await wire.fetch(await linkOf(wire));
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('Request has expired.');
    });
  });

  describe('records', () => {
    test('requests holds what arrived, in order, with keys and signatures masked', async () => {
      const wire = await open(by);
      const url = await linkOf(wire);
      await ask(wire, 'a:b/c');
      await (await wire.fetch(url)).arrayBuffer();
      expect(wire.api.requests).toMatchObject([
        { method: 'POST', path: imagePath, query: {}, body: imageBody },
        { method: 'GET', path: videoPath, query: { generation_id: 'a:b/c' } },
        { method: 'GET', path: new URL(url).pathname, query: { Signature: '***', OSSAccessKeyId: '***' } },
      ]);
      const [create, status, file] = wire.api.requests;
      expect(create?.headers).toMatchObject({
        authorization: 'Bearer ***',
        'content-type': 'application/json',
      });
      expect(status).not.toHaveProperty('body');
      expect(file?.headers).not.toHaveProperty('authorization');
      const shown = JSON.stringify(wire.api.requests);
      expect(shown).not.toContain('sk-1');
      expect(shown).not.toContain(JSON.stringify(new URL(url).searchParams.get('Signature')));
    });

    test('generations counts creates that were accepted, and nothing else', async () => {
      const wire = await open(by, { videoSeconds: 0 });
      await makeImage(wire, { num_images: 4 });
      expect(wire.api.generations).toBe(1);
      const { id } = await read(post(wire, videoPath, videoBody));
      await post(wire, legacyPath, videoBody);
      expect(wire.api.generations).toBe(3);
      await ask(wire, id);
      await post(wire, imagePath, { ...imageBody, num_images: 9 });
      await post(wire, imagePath, imageBody, { headers: { authorization: '' } });
      await wire.fetch(`${wire.origin}/v1/models`);
      expect(wire.api.generations).toBe(3);
      expect(wire.api.requests).toHaveLength(7);
    });

    test('two embedded APIs know nothing of each other', async () => {
      const [one, two] = [await open(by), await open(by)];
      const { id } = await read(post(one, videoPath, videoBody));
      expect((await ask(two, id)).status).toBe(404);
      expect([one.api.generations, two.api.generations]).toEqual([1, 0]);
    });
  });

  describe('faults', () => {
    test('answer: the API gives the status, body and headers that were set', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'answer', status: 418, body: { tea: true }, headers: { 'x-pot': 'brown' } });
      wire.api.fault({ kind: 'answer', status: 307, headers: { location: '/elsewhere' } });
      wire.api.fault({ kind: 'answer', status: 200, body: 'tea' });
      wire.api.fault({ kind: 'answer', status: 204 });
      wire.api.fault({ kind: 'answer', status: 200, body: null });
      const json = await post(wire, imagePath, imageBody);
      expect([json.status, json.headers.get('x-pot'), await json.json()]).toEqual([
        418,
        'brown',
        { tea: true },
      ]);
      expect(json.headers.get('content-type')).toBe('application/json');
      const redirect = await post(wire, imagePath, imageBody, { redirect: 'manual' });
      expect([redirect.status, redirect.headers.get('location')]).toEqual([307, '/elsewhere']);
      const text = await post(wire, imagePath, imageBody);
      expect([text.headers.get('content-type'), await text.text()]).toEqual(['text/plain', 'tea']);
      const empty = await post(wire, imagePath, imageBody);
      expect([empty.status, await empty.text()]).toEqual([204, '']);
      expect(await (await post(wire, imagePath, imageBody)).text()).toBe('null');
      expect(wire.api.generations).toBe(0);
      expect(wire.api.requests).toHaveLength(5);
    });

    test("error: the API refuses in today's words", async () => {
      const wire = await open(by);
      const data = { kind: 'err_insufficent_credits' };
      const headers = { 'retry-after': '3' };
      wire.api.fault({
        kind: 'error',
        status: 403,
        message: 'No credits',
        name: 'ForbiddenException',
        data,
        headers,
      });
      wire.api.fault({ kind: 'error', status: 500 });
      const response = await post(wire, imagePath, imageBody);
      expect(response.status).toBe(403);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('retry-after')).toBe('3');
      expect(await response.json()).toMatchObject({
        title: 'Forbidden',
        status: 403,
        message: 'No credits',
        instance: `${imagePath}?`,
        error: { name: 'ForbiddenException', message: 'No credits', data },
      });
      const plain = await ask(wire, 'v1');
      expect(plain.status).toBe(500);
      const body = await plain.json();
      expect(body).toMatchObject({
        instance: `${videoPath}?generation_id=v1`,
        error: { name: 'HttpException' },
      });
      expect(body).not.toHaveProperty('error.data');
      expect(wire.api.generations).toBe(0);
    });

    test('error: the API refuses in the words of before', async () => {
      const wire = await open(by);
      wire.api.fault({
        kind: 'error',
        status: 503,
        form: 'legacy',
        message: 'Busy',
        headers: { 'retry-after': '3' },
      });
      const response = await ask(wire, 'v1', legacyPath);
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(response.headers.get('retry-after')).toBe('3');
      expect(await response.json()).toEqual({
        requestId: expect.any(String),
        statusCode: 503,
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        path: legacyPath,
        message: 'Busy',
      });
    });

    test('html: a gateway answers with its page, 502 if not told otherwise', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'html' });
      wire.api.fault({ kind: 'html', status: 524 });
      for (const status of [502, 524]) {
        const response = await post(wire, imagePath, imageBody);
        expect(response.status).toBe(status);
        expect(response.headers.get('content-type')).toMatch(/^text\/html/);
        expect(await response.text()).toMatch(new RegExp(`^<!DOCTYPE html>.*${status}`, 's'));
      }
      expect(wire.api.generations).toBe(0);
    });

    test('rate-limit: the API answers 429, with Retry-After when it is set', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'rate-limit', retryAfterSeconds: 7 });
      wire.api.fault({ kind: 'rate-limit' });
      for (const seconds of ['7', null]) {
        const response = await post(wire, imagePath, imageBody);
        expect(response.status).toBe(429);
        expect(response.headers.get('retry-after')).toBe(seconds);
        expect(await response.json()).toMatchObject({
          instance: `${imagePath}?`,
          message: 'Too Many Requests',
        });
      }
      expect(wire.api.generations).toBe(0);
    });

    test('reset: the connection breaks before there is an answer', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'reset', times: 2 });
      for (const call of [() => post(wire, imagePath, imageBody), () => ask(wire, 'v1')]) {
        const error = await errorOf(call());
        expect(error).toBeInstanceOf(TypeError);
        expect(error.message).toBe('fetch failed');
        expect(error.cause).toHaveProperty('code', expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/));
        expect(error.cause).not.toHaveProperty('syscall', 'connect');
      }
      expect(wire.api.generations).toBe(0);
      expect(wire.api.requests).toHaveLength(2);
      expect((await post(wire, imagePath, imageBody)).status).toBe(200);
    });

    test.each([
      { kind: 'reset', accepted: true },
      { kind: 'html', accepted: true },
      { kind: 'error', status: 500, accepted: true },
      { kind: 'answer', status: 502, accepted: true },
    ] as const)('$kind: a create that is accepted all the same counts as paid for', async (fault) => {
      const wire = await open(by);
      wire.api.fault(fault);
      const [first] = await Promise.allSettled([post(wire, videoPath, videoBody)]);
      expect(first.status === 'fulfilled' ? first.value.status : first.reason.name).not.toBe(200);
      expect(wire.api.generations).toBe(1);
    });

    test('reset: a create that breaks a rule is not accepted', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'reset', accepted: true });
      await errorOf(post(wire, videoPath, { ...videoBody, prompt: null }));
      expect(wire.api.generations).toBe(0);
    });

    test('stall: no answer ever comes', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'stall' });
      wire.api.fault({ kind: 'stall', accepted: true });
      for (const generations of [0, 1]) {
        const controller = new AbortController();
        const call = post(wire, imagePath, imageBody, { signal: controller.signal });
        const settled = call.then(
          () => 'an answer',
          () => 'an error',
        );
        const late = new Promise((resolve) => setTimeout(resolve, 100, 'nothing'));
        await expect(Promise.race([settled, late])).resolves.toBe('nothing');
        expect(wire.api.generations).toBe(generations);
        controller.abort();
      }
      expect(wire.api.requests).toHaveLength(2);
    });

    test.each([
      ['half of it when not told otherwise', undefined, (length: number) => Math.floor(length / 2)],
      ['10 bytes', 10, () => 10],
      ['nothing', 0, () => 0],
    ])('cut: %s arrives of a body, then the connection breaks', async (_, afterBytes, expected) => {
      const wire = await open(by);
      wire.api.fault({ kind: 'cut', ...(afterBytes !== undefined && { afterBytes }) });
      const response = await post(wire, imagePath, imageBody);
      expect(response.status).toBe(200);
      expect(response.headers.get('x-inference-id')).toMatch(/./);
      let bytes = 0;
      const error = await errorOf(
        (async () => {
          for await (const chunk of response.body ?? []) bytes += chunk.byteLength;
        })(),
      );
      expect(error).toMatchObject({
        name: 'TypeError',
        message: 'terminated',
        cause: { code: 'UND_ERR_SOCKET' },
      });
      expect(bytes).toBe(expected(Number(response.headers.get('content-length'))));
      expect(wire.api.generations).toBe(1);
    });

    test('cut: a file breaks off as well, with its whole length announced', async () => {
      const wire = await open(by);
      const url = await linkOf(wire);
      const whole = await fileOf(wire, url);
      wire.api.fault({ kind: 'cut', on: 'file', afterBytes: 1000 });
      const response = await wire.fetch(url);
      expect(response.headers.get('content-length')).toBe(String(whole.byteLength));
      expect((await errorOf(response.arrayBuffer())).message).toBe('terminated');
      expect(await fileOf(wire, url)).toEqual(whole);
    });

    test('stall-body: a part arrives and the rest never comes', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'stall-body', afterBytes: 10 });
      const response = await post(wire, imagePath, imageBody);
      expect(response.status).toBe(200);
      expect(wire.api.generations).toBe(1);
      const reader = response.body?.getReader();
      expect((await reader?.read())?.value?.byteLength).toBe(10);
      const late = new Promise((resolve) => setTimeout(resolve, 100, 'nothing'));
      await expect(Promise.race([reader?.read(), late])).resolves.toBe('nothing');
      await reader?.cancel();
    });

    test('broken-json: a success cannot be parsed', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'broken-json' });
      const response = await post(wire, videoPath, videoBody);
      expect(response.status).toBe(200);
      const id = response.headers.get('x-inference-id') ?? '';
      const text = await response.text();
      expect(text).toContain(id);
      expect(() => JSON.parse(text)).toThrow(SyntaxError);
      expect(wire.api.generations).toBe(1);
      expect((await ask(wire, id)).status).toBe(200);
    });

    test.each(['cut', 'stall-body', 'broken-json'] as const)('%s: the id can be left out', async (kind) => {
      const wire = await open(by);
      wire.api.fault({ kind, withoutInferenceId: true });
      const response = await post(wire, videoPath, videoBody);
      expect(response.headers.get('x-inference-id')).toBeNull();
      expect(response.headers.get('x-request-id')).toMatch(/./);
      await response.body?.cancel();
    });

    test('status: a status answer holds the word that was set', async () => {
      const wire = await open(by, { videoSeconds: 0 });
      wire.api.fault({ kind: 'status', status: 'moderating' });
      const { id, status } = await read(post(wire, videoPath, videoBody));
      expect(status).toBe('queued');
      expect(await read(ask(wire, id))).toEqual({ id, status: 'moderating' });
      expect(await read(ask(wire, id))).toMatchObject({ status: 'completed' });
    });

    test('no-video: a status answer says completed, without a video', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'no-video' });
      const { id } = await read(post(wire, videoPath, videoBody));
      expect(await read(ask(wire, id))).toEqual({ id, status: 'completed', video: null });
      expect(await read(ask(wire, id))).toEqual({ id, status: 'queued' });
    });

    test('job-fails: the job that the next create starts ends in an error', async () => {
      const wire = await open(by, { videoSeconds: 0 });
      const before = await read(post(wire, videoPath, videoBody));
      wire.api.fault({ kind: 'job-fails', message: 'No dragons', name: 'InspectionError' });
      wire.api.fault({ kind: 'job-fails' });
      const [first, second, third] = [
        await read(post(wire, videoPath, videoBody)),
        await read(post(wire, videoPath, videoBody)),
        await read(post(wire, videoPath, videoBody)),
      ];
      expect(await read(ask(wire, before.id))).toMatchObject({ status: 'completed' });
      expect(await read(ask(wire, first.id))).toEqual({
        id: first.id,
        status: 'error',
        video: null,
        error: { name: 'InspectionError', message: 'No dragons' },
      });
      expect(await read(ask(wire, second.id))).toMatchObject({
        status: 'error',
        error: { name: 'GenerationError', message: expect.stringMatching(/./) },
      });
      expect(await read(ask(wire, third.id))).toMatchObject({ status: 'completed' });
    });

    test('expired-link: the next link that is handed out has expired', async () => {
      const wire = await open(by, { videoSeconds: 0 });
      const image = await linkOf(wire);
      const { id } = await read(post(wire, videoPath, videoBody));
      wire.api.fault({ kind: 'expired-link' });
      const [stale, fresh] = [await read(ask(wire, id)), await read(ask(wire, id))];
      const expires = Number(new URL(stale.video?.url ?? '').searchParams.get('Expires'));
      expect(expires * 1000).toBeLessThan(Date.now());
      expect((await wire.fetch(stale.video?.url ?? '')).status).toBe(403);
      expect((await wire.fetch(fresh.video?.url ?? '')).status).toBe(200);
      expect((await wire.fetch(image)).status).toBe(200);
    });
  });

  describe('aims', () => {
    async function statuses(wire: Wire, count: number): Promise<number[]> {
      const codes: number[] = [];
      for (let turn = 0; turn < count; turn += 1) codes.push((await post(wire, videoPath, videoBody)).status);
      return codes;
    }

    test('a fault strikes once when not told otherwise, and times tells it', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'html' });
      expect(await statuses(wire, 3)).toEqual([502, 200, 200]);
      wire.api.fault({ kind: 'html', times: 2 });
      expect(await statuses(wire, 3)).toEqual([502, 502, 200]);
    });

    test('after lets some go by unharmed, on their own count', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'html', after: 2, times: 2 });
      await ask(wire, 'v1');
      await ask(wire, 'v1');
      expect(await statuses(wire, 3)).toEqual([502, 502, 200]);
      wire.api.fault({ kind: 'html', after: 1, on: 'video' });
      await ask(wire, 'v1');
      expect(await statuses(wire, 3)).toEqual([200, 502, 200]);
    });

    test('faults are taken in the order in which they were set', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'html', status: 501 });
      wire.api.fault({ kind: 'html', status: 502 });
      wire.api.fault({ kind: 'html', status: 503, after: 1 });
      expect(await statuses(wire, 5)).toEqual([501, 502, 200, 503, 200]);
    });

    test.each(['image', 'video', 'status', 'file', 'log', 'catalogue'] as const)(
      'on: %s hits requests of that kind only',
      async (on) => {
        const wire = await open(by, { videoSeconds: 0 });
        const { id } = await read(post(wire, videoPath, videoBody));
        const link = await linkOf(wire);
        const headers = { authorization: 'Bearer sk-1' };
        const span = 'start=2026-11-01T00:00:00.000Z&end=2026-11-02T00:00:00.000Z';
        wire.api.fault({ kind: 'html', on });
        const codes = {
          image: (await post(wire, imagePath, imageBody)).status,
          video: (await post(wire, videoPath, videoBody)).status,
          status: (await ask(wire, id)).status,
          file: (await wire.fetch(link)).status,
          log: (await wire.fetch(`${wire.origin}/v2/logs?${span}`, { headers })).status,
          catalogue: (await wire.fetch(`${wire.origin}/v1/models`)).status,
        };
        const unharmed = { image: 200, video: 200, status: 200, file: 200, log: 200, catalogue: 200 };
        expect(codes).toEqual({ ...unharmed, [on]: 502 });
      },
    );

    test('path hits requests to that path only', async () => {
      const wire = await open(by, { videoSeconds: 0 });
      const { id } = await read(post(wire, videoPath, videoBody));
      wire.api.fault({ kind: 'error', status: 404, path: videoPath, on: 'status', times: 2 });
      expect((await ask(wire, id, legacyPath)).status).toBe(200);
      expect((await ask(wire, id, videoPath)).status).toBe(404);
      expect(await statuses(wire, 1)).toEqual([200]);
      expect((await ask(wire, id, videoPath)).status).toBe(404);
      expect((await ask(wire, id, videoPath)).status).toBe(200);
    });

    test('a status fault waits for a status request', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'no-video' });
      const url = await linkOf(wire);
      expect((await wire.fetch(url)).status).toBe(200);
      const { id } = await read(post(wire, videoPath, videoBody));
      expect(await read(ask(wire, id))).toMatchObject({ video: null });
    });

    test('clearFaults() takes back what has not struck, and counts it', async () => {
      const wire = await open(by);
      wire.api.fault({ kind: 'html', times: 9 });
      wire.api.fault({ kind: 'job-fails' });
      expect(await statuses(wire, 1)).toEqual([502]);
      expect(wire.api.clearFaults()).toBe(9);
      expect(await statuses(wire, 1)).toEqual([200]);
    });
  });

  test('the API lists its models without a key, and their prices when asked', async () => {
    const wire = await open(by);
    const all = await (await wire.fetch(`${wire.origin}/v1/models`)).json();
    expect(all).toMatchObject({ object: 'list' });
    expect(all).toHaveProperty('data.length', 27);
    const query = 'id=alibaba/wan2.2-t2v-plus,alibaba/wan-2-6-image&include=pricing';
    expect(await (await wire.fetch(`${wire.origin}/v1/models?${query}`)).json()).toMatchObject({
      data: [
        {
          id: 'alibaba/wan-2-6-image',
          type: 'openai/image-generations',
          pricing: { units: [{ name: 'image', price: 0.039, per: 1 }] },
        },
        { id: 'alibaba/wan2.2-t2v-plus', type: 'internal/video-generations/submit', aliases: [] },
      ],
    });
    const byAlias = 'id=alibaba/wan2.6-i2v-flash&id=alibaba/wan2.7-image,alibaba/nothing';
    expect(await (await wire.fetch(`${wire.origin}/v1/models?${byAlias}`)).json()).toMatchObject({
      object: 'list',
      data: [
        { id: 'alibaba/wan-2-7-image', aliases: ['alibaba/wan2.7-image'] },
        { id: 'alibaba/wan-2-6-image-to-video-flash', aliases: ['alibaba/wan2.6-i2v-flash'] },
      ],
    });
  });
});

describe('time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-01T12:00:00.000Z') });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  async function lifeOf(options: FakeApiOptions, fault = false): Promise<string[]> {
    const wire = await open('api.fetch', options);
    if (fault) wire.api.fault({ kind: 'job-fails' });
    const { id, status } = await read(post(wire, videoPath, videoBody));
    const words = [status];
    for (let second = 0; second <= 4; second += 1) {
      words.push((await read(ask(wire, id))).status);
      vi.advanceTimersByTime(1000);
    }
    return words;
  }

  test('a video is queued, then generating, then completed after 3 s', async () => {
    const words = ['queued', 'queued', 'queued', 'generating', 'completed', 'completed'];
    await expect(lifeOf({})).resolves.toEqual(words);
  });

  test('a video that fails does so when it would have been done', async () => {
    const words = ['queued', 'queued', 'queued', 'generating', 'error', 'error'];
    await expect(lifeOf({}, true)).resolves.toEqual(words);
  });

  test('videoSeconds and statuses set the pace and the words', async () => {
    const statuses = ['waiting', 'active', 'moderating', 'generating'];
    await expect(lifeOf({ videoSeconds: 4, statuses })).resolves.toEqual([
      'waiting',
      ...statuses,
      'completed',
    ]);
    await expect(lifeOf({ videoSeconds: 0 })).resolves.toEqual(['queued', ...Array(5).fill('completed')]);
  });

  test('a link works for a day, or for linkSeconds, and a new one takes its place', async () => {
    for (const [seconds, options] of [
      [86_400, {}],
      [60, { linkSeconds: 60 }],
    ] as const) {
      const wire = await open('api.fetch', { videoSeconds: 0, ...options });
      const { id } = await read(post(wire, videoPath, videoBody));
      const old = (await read(ask(wire, id))).video?.url ?? '';
      vi.advanceTimersByTime((seconds - 1) * 1000);
      expect((await wire.fetch(old)).status).toBe(200);
      vi.advanceTimersByTime(1000);
      expect((await wire.fetch(old)).status).toBe(403);
      const renewed = (await read(ask(wire, id))).video?.url ?? '';
      expect(new URL(renewed).pathname).toBe(new URL(old).pathname);
      expect((await wire.fetch(renewed)).status).toBe(200);
    }
  });
});

describe('fetch()', () => {
  test('fetch() takes what the global one takes', async () => {
    const { fetch, requests } = createFakeApi();
    const init = {
      method: 'POST',
      headers: { authorization: 'Bearer sk-1' },
      body: JSON.stringify(imageBody),
    };
    const url = `https://api.aimlapi.com${imagePath}`;
    for (const input of [url, new URL(url)]) expect((await fetch(input, init)).status).toBe(200);
    expect((await fetch(new Request(url, init))).status).toBe(200);
    expect((await fetch(new Request(url, init), { headers: {} })).status).toBe(401);
    expect(requests).toHaveLength(4);
  });

  test("fetch() rejects with the signal's reason when it was aborted before", async () => {
    const { fetch, requests } = createFakeApi();
    const reason = new Error('never mind');
    const call = fetch('https://api.aimlapi.com/v1/models', { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
  });

  test("fetch() rejects with the signal's reason when it is aborted while the API stalls", async () => {
    const api = createFakeApi();
    api.fault({ kind: 'stall' });
    const controller = new AbortController();
    const call = api.fetch('https://api.aimlapi.com/v1/models', { signal: controller.signal });
    const reason = new Error('never mind');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });
});

describe('listen()', () => {
  test('listen() serves on 127.0.0.1, at a free port or at one of choice', async () => {
    const api = createFakeApi();
    const first = await api.listen();
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const port = Number(new URL(first.url).port);
    await expect(api.listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    const second = await api.listen({ port });
    onTestFinished(() => second.close());
    expect(second.url).toBe(first.url);
    expect((await fetch(`${second.url}/v1/models`)).status).toBe(200);
  });

  test('listen() keeps a stalled request waiting until the caller has had enough', async () => {
    const api = createFakeApi();
    const server = await api.listen();
    onTestFinished(() => server.close());
    api.fault({ kind: 'stall' });
    const startedAt = performance.now();
    const error = await errorOf(fetch(`${server.url}/v1/models`, { signal: AbortSignal.timeout(200) }));
    expect(error.name).toBe('TimeoutError');
    expect(performance.now() - startedAt).toBeGreaterThan(150);
    expect((await fetch(`${server.url}/v1/models`)).status).toBe(200);
  });

  test('close() ends the server and what is under way', async () => {
    const api = createFakeApi();
    const server = await api.listen();
    api.fault({ kind: 'stall' });
    const call = errorOf(fetch(`${server.url}/v1/models`));
    await vi.waitFor(() => expect(api.requests).toHaveLength(1));
    await server.close();
    expect((await call).message).toBe('fetch failed');
    const refused = await errorOf(fetch(`${server.url}/v1/models`));
    expect(refused.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('two servers of one API share its jobs', async () => {
    const api = createFakeApi();
    const [one, two] = [await api.listen(), await api.listen()];
    onTestFinished(() => Promise.all([one.close(), two.close()]).then(() => {}));
    const { id } = await read(post({ api, origin: one.url, fetch }, videoPath, videoBody));
    expect((await ask({ api, origin: two.url, fetch }, id)).status).toBe(200);
  });
});
