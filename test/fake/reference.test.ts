import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFakeApi } from '../../src/testing.js';

// the examples that the API's own pages print, word for word: what they do must work against the embedded API

const run = promisify(execFile);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reference-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs a page's example with nothing but its host and its key replaced. */
async function runExample(name: string) {
  const api = createFakeApi({ apiKey: 'sk-reference', videoSeconds: 5 });
  const server = await api.listen();
  try {
    const source = await readFile(new URL(`../fixtures/reference/${name}.js`, import.meta.url), 'utf8');
    const local = source
      .replaceAll('https://api.aimlapi.com', server.url)
      .replaceAll('<YOUR_AIMLAPI_KEY>', 'sk-reference')
      .replaceAll('require("https")', 'require("http")');
    expect(local).not.toBe(source);
    const file = join(folder, `${name}.cjs`);
    await writeFile(file, local);
    const { stdout, stderr } = await run(process.execPath, [file], { timeout: 40_000 });
    expect(stderr).toBe('');
    return { api, output: stdout, url: server.url };
  } finally {
    await server.close();
  }
}

describe.concurrent('the examples of the API', () => {
  test.each([
    ['wan2.2-t2i-plus', 105_000, { width: 1440, height: 512 }],
    ['wan2.5-t2i-preview', 63_000, { width: 1440, height: 512 }],
    ['wan-2-6-image', 78_000, undefined],
  ])(
    'createFakeApi() answers the example of %s with an image',
    { timeout: 60_000 },
    async (name, credits, size) => {
      const { api, output, url } = await runExample(name);
      expect(output).toMatch(/created: \d{13},/);
      expect(output).toContain(`url: '${url}/alpaca/`);
      expect(output.match(/url: /g)).toHaveLength(1);
      expect(output).toMatch(/\.png\?Expires=\d{10}&OSSAccessKeyId=\w+&Signature=/);
      expect(output).toMatch(new RegExp(`credits_used: ${credits}\\b`));
      expect(api.generations).toBe(1);
      expect(api.requests).toMatchObject([
        { method: 'POST', path: '/v1/images/generations', body: { model: `alibaba/${name}` } },
      ]);
      expect(api.requests[0]?.body).toHaveProperty('prompt', expect.stringContaining('T-Rex'));
      if (size) expect(api.requests[0]?.body).toHaveProperty('image_size', size);
      else expect(api.requests[0]?.body).toHaveProperty('image_urls.length', 2);
    },
  );

  test('createFakeApi() takes the example of wan2.2-t2v-plus to its video', { timeout: 60_000 }, async () => {
    const { api, output, url } = await runExample('wan2.2-t2v-plus');
    const lines = output.split('\n');
    expect(lines[0]).toMatch(/^Generation ID: \S+$/);
    expect(lines.slice(1, 5)).toEqual([
      'Status: queued',
      'Still waiting... Checking again in 10 seconds.',
      'Status: completed',
      'Processing complete:',
    ]);
    const id = lines[0]?.replace('Generation ID: ', '');
    const result = lines.slice(5).join('\n');
    expect(result).toContain(`id: '${id}'`);
    expect(result).toContain(`url: '${url}/alpaca/`);
    expect(result).toMatch(/\.mp4\?Expires=\d{10}&/);
    expect(api.generations).toBe(1);
    const path = '/v2/generate/video/alibaba/generation';
    expect(api.requests).toMatchObject([
      { method: 'POST', path, query: {}, body: { model: 'alibaba/wan2.2-t2v-plus' } },
      { method: 'GET', path, query: { generation_id: id } },
      { method: 'GET', path, query: { generation_id: id } },
    ]);
  });
});
