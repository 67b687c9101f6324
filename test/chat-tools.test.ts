import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeApi } from '../src/testing.js';

const built = existsSync('dist/index.js');
const title = built ? 'chat-tools.mjs' : 'chat-tools.mjs: skipped, because dist/ is missing (npm run build)';

describe.skipIf(!built)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-agent-'));
  // both are read from dist/, as an app does it
  let createTools: (wan: object, chat: string) => Tools;
  let createWan: (options: object) => Record<string, (...given: unknown[]) => unknown>;

  interface Tools {
    functions: { type: string; function: { name: string; description: string; parameters: object } }[];
    aiTools: Record<string, { execute(input: object, call: object): Promise<object> }>;
    callFunction(call: object, signal?: AbortSignal): Promise<{ content: string; tool_call_id: string }>;
  }

  beforeAll(async () => {
    const load = (file: string) => import(pathToFileURL(resolve(file)).href);
    ({ createTools } = await load('examples/chat-tools.mjs'));
    ({ createWan } = await load('dist/index.js'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function setUp({ maxUsd = 1, videoSeconds = 0, chat = 'a chat' } = {}) {
    const api = createFakeApi({ videoSeconds });
    const wan = createWan({ apiKey: 'test', fetch: api.fetch, maxUsd, maxRetries: 0 });
    const save = (media: unknown, path: string) => wan.save?.(media, join(folder, path));
    const tools = createTools({ ...wan, save }, chat);
    const ask = async (id: string, name: string, input: unknown, signal?: AbortSignal) => {
      const json = typeof input === 'string' ? input : JSON.stringify(input);
      const called = tools.callFunction({ id, function: { name, arguments: json } }, signal);
      const { content, ...rest } = await called;
      expect(rest).toEqual({ role: 'tool', tool_call_id: id });
      return JSON.parse(content);
    };
    return { api, tools, ask };
  }

  const fits: [string, object][] = [
    ['make_picture', { prompt: 'a kite' }],
    ['make_picture', { prompt: 'a kite', num_images: 4, image_size: { width: 512, height: 512 } }],
    ['start_video', { prompt: 'a kite', resolution: '480P', aspect_ratio: '1:1' }],
    ['check_video', { id: 'an-id' }],
  ];
  const breaks: [string, object][] = [
    ['make_picture', {}],
    ['make_picture', { prompt: '' }],
    ['make_picture', { prompt: 'a kite', num_images: 5 }],
    ['make_picture', { prompt: 'a kite', model: 'wan-2-7-image-pro' }],
    ['start_video', { prompt: 'a kite', resolution: '4K' }],
    ['start_video', { prompt: 'a kite', colour: 'red' }],
    ['check_video', {}],
    ['check_video', { id: 7 }],
  ];
  const judge = (name: string, input: object) => {
    const { functions } = setUp().tools;
    const found = functions.find((entry) => entry.function.name === name);
    return new Ajv2020({ strict: true }).compile(found?.function.parameters ?? {})(input);
  };

  it.each(fits)('its schema of %s takes %j', (name, input) => expect(judge(name, input)).toBe(true));
  it.each(breaks)('its schema of %s refuses %j', (name, input) => expect(judge(name, input)).toBe(false));

  it('has names and descriptions that APIs of language models take', () => {
    for (const { type, function: each } of setUp().tools.functions) {
      expect(type).toBe('function');
      expect(each.name).toMatch(/^[a-z_]{1,64}$/);
      expect(each.description.length).toBeLessThan(1024);
      expect(JSON.stringify(each.parameters)).not.toContain('alibaba/');
    }
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"text"',
    '7',
    '{"prompt":7}',
    '{"__proto__":{"prompt":"a"}}',
    '{"id":{}}',
  ])('answers the arguments %s with what is wrong, and pays nothing', async (json) => {
    const { api, ask } = setUp();
    for (const name of ['make_picture', 'start_video', 'check_video', 'no_such', 'toString']) {
      expect(await ask('1', name, json)).toHaveProperty('error');
    }
    expect(api.generations).toBe(0);
  });

  it('pays once for a tool call that comes again, at once or later, by either way', async () => {
    const { api, ask, tools } = setUp();
    const wish = { prompt: 'a kite' };
    const [first, second] = await Promise.all([1, 2].map(() => ask('call 1', 'make_picture', wish)));
    const byAiSdk = await tools.aiTools.make_picture?.execute(wish, { toolCallId: 'call 1' });
    expect([second, byAiSdk]).toEqual([first, first]);
    expect(first.files).toHaveLength(1);
    expect(api.generations).toBe(1);
    await ask('call 2', 'make_picture', wish);
    expect(api.generations).toBe(2);
    const ids = api.requests.map(({ headers }) => headers['x-client-request-id']).filter(Boolean);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[\w.:-]{1,128}$/);
  });

  it('takes calls apart that have one id: by the name and the arguments', async () => {
    const { api, ask } = setUp();
    const { files } = await ask('0', 'make_picture', { prompt: 'a kite' });
    expect(await ask('0', 'start_video', { prompt: 'a kite' })).toEqual({
      id: expect.any(String),
      state: 'running',
    });
    expect((await ask('0', 'make_picture', { prompt: 'a boat' })).files).not.toEqual(files);
    expect(api.generations).toBe(3);
  });

  it('tells the model not to call again where the answer was lost, and pays for nothing more', async () => {
    const { api, ask } = setUp();
    api.fault({ on: 'image', kind: 'reset', accepted: true });
    const told = await ask('1', 'make_picture', { prompt: 'a kite' });
    expect(told.error).toContain('Do not call again');
    expect(told.clientRequestId).toBe(api.requests.at(-1)?.headers['x-client-request-id']);
    expect(await ask('1', 'make_picture', { prompt: 'a kite' })).toEqual(told);
    expect(api.generations).toBe(1);
  });

  it('lets a call that the API refused be made again', async () => {
    const { api, ask } = setUp();
    api.fault({ on: 'image', kind: 'rate-limit' });
    expect((await ask('1', 'make_picture', { prompt: 'a kite' })).error).toContain('this cost nothing');
    expect(await ask('1', 'make_picture', { prompt: 'a kite' })).toHaveProperty('files');
    expect(api.generations).toBe(1);
  });

  it('gives the link of a picture that is paid for and cannot be saved', async () => {
    const { api, ask } = setUp();
    api.fault({ on: 'file', kind: 'error', status: 403, times: 9 });
    const { files } = await ask('1', 'make_picture', { prompt: 'a kite' });
    expect(files).toEqual([expect.stringMatching(/^http.*\.png/)]);
  });

  it('stops at maxUsd', async () => {
    const { api, ask } = setUp({ maxUsd: 0.04 });
    await ask('1', 'make_picture', { prompt: 'a kite' });
    const told = await ask('2', 'make_picture', { prompt: 'a kite' });
    expect(told.error).toMatch(/maxUsd is \$0\.04.*this cost nothing/);
    expect(api.generations).toBe(1);
  });

  it('gives a video its id at once, and tells of no video of another chat', async () => {
    const { api, ask } = setUp();
    api.fault({ kind: 'status', status: 'generating' });
    const { id, state } = await ask('1', 'start_video', { prompt: 'a kite' });
    expect(state).toBe('running');
    expect(await setUp({ chat: 'another' }).ask('1', 'check_video', { id })).toEqual({
      error: 'There is no video of this id.',
    });
    expect(await ask('2', 'check_video', { id })).toMatchObject({ state: 'running' });
    const { file } = await ask('3', 'check_video', { id });
    expect(existsSync(file)).toBe(true);
  });

  it('ends with the reason of an abort', async () => {
    const { api, ask } = setUp();
    api.fault({ on: 'image', kind: 'stall' });
    const controller = new AbortController();
    const reason = new Error('the user left');
    setTimeout(() => controller.abort(reason), 50);
    await expect(ask('1', 'make_picture', { prompt: 'a kite' }, controller.signal)).rejects.toBe(reason);
  });
});
