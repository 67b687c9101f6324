import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createWan } from '../../src/index.js';
import { isProxiedByEnvironment } from '../../src/media/env-proxy.js';
import { stubNames } from './stub-names.js';

const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);

function setEnvironment(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

beforeEach(() => {
  for (const name of [...names, 'NODE_USE_ENV_PROXY', 'NODE_OPTIONS']) vi.stubEnv(name, undefined);
});

const proxy = 'http://proxy.example:8080';
const on = { NODE_USE_ENV_PROXY: '1' };

describe('isProxiedByEnvironment()', () => {
  it.each<[string, Record<string, string>]>([
    ['https://a.example', { ...on, HTTPS_PROXY: proxy }],
    ['https://a.example', { ...on, https_proxy: proxy }],
    ['https://a.example', { ...on, HTTP_PROXY: proxy }],
    ['http://a.example', { ...on, http_proxy: proxy }],
    ['https://a.example', { NODE_OPTIONS: '--no-warnings --use-env-proxy', HTTPS_PROXY: proxy }],
    ['https://a.example', { ...on, HTTPS_PROXY: proxy, NO_PROXY: 'b.example,.c.example 10.0.0.0/8' }],
    ['https://nota.example', { ...on, HTTPS_PROXY: proxy, NO_PROXY: 'a.example' }],
  ])('says so of %s with %j', (url, variables) => {
    setEnvironment(variables);
    expect(isProxiedByEnvironment(new URL(url))).toBe(true);
  });

  it.each<[string, Record<string, string>]>([
    ['https://a.example', {}],
    ['https://a.example', on],
    ['https://a.example', { HTTPS_PROXY: proxy }],
    ['https://a.example', { HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: '0' }],
    ['http://a.example', { ...on, HTTPS_PROXY: proxy }],
    ['https://a.example', { ...on, HTTPS_PROXY: ' ' }],
    ['https://a.example', { ...on, HTTPS_PROXY: proxy, NO_PROXY: '*' }],
    ['https://a.example', { ...on, HTTPS_PROXY: proxy, no_proxy: 'b.example, A.example:443' }],
    ['https://x.a.example', { ...on, HTTPS_PROXY: proxy, NO_PROXY: '.a.example' }],
    ['https://x.a.example.', { ...on, HTTPS_PROXY: proxy, NO_PROXY: '*.a.example' }],
  ])('does not say so of %s with %j', (url, variables) => {
    setEnvironment(variables);
    expect(isProxiedByEnvironment(new URL(url))).toBe(false);
  });

  it.each(['Deno', 'Bun'])('knows that %s needs no switch, and takes the proxy of the scheme', (name) => {
    vi.stubGlobal(name, {});
    setEnvironment({ HTTP_PROXY: proxy });
    const judge = (url: string) => isProxiedByEnvironment(new URL(url));
    expect([judge('http://a.example'), judge('https://a.example')]).toEqual([true, false]);
  });
});

it('behind a proxy of the environment no name is looked up, but where NO_PROXY excepts it', async () => {
  setEnvironment({ ...on, HTTPS_PROXY: proxy, NO_PROXY: 'in.example' });
  const table = { 'files.example': [['10.0.0.1']], 'in.example': [['10.0.0.1']] };
  const asked = stubNames(table);
  const wan = createWan({
    apiKey: 'k',
    baseUrl: 'https://api.example',
    fetch: async () => new Response(Buffer.from('89504e470d0a1a0a', 'hex')),
  });
  expect((await wan.download({ url: 'https://files.example/v.png' })).byteLength).toBe(8);
  expect(asked).toEqual([]);
  await expect(wan.download({ url: 'https://in.example/v.png' })).rejects.toThrow('resolves to');
  expect(asked).toEqual(['in.example']);
});
