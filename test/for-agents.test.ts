import { describe, expect, it } from 'vitest';
import * as aiSdk from '../src/ai-sdk.js';
import { clientOptionNames } from '../src/base/options.js';
import { requestOptionNames } from '../src/http/request.js';
import * as index from '../src/index.js';
import { watchOptionNames } from '../src/job/watch.js';
import * as models from '../src/models.js';
import * as testing from '../src/testing.js';
import * as undici from '../src/undici.js';
import { readPage } from './markdown.js';

const page = readPage('examples/for-agents.md');
const prose = page.text.replace(/^```\w*\n[\s\S]*?^```$/gm, '');
const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
const [right = ''] = prose.split('## Mistakes');
const rightSpans = [...right.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
const exported = [index, models, testing, undici, aiSdk].flatMap((door) => Object.keys(door));
const optionNames = [clientOptionNames, requestOptionNames, watchOptionNames].flatMap((names) =>
  Object.keys(names),
);
const check = (input: unknown) => models.checkInput(input);

describe('examples/for-agents.md', () => {
  it('has fewer than 85 lines', () => {
    expect(page.text.trimEnd().split('\n').length).toBeLessThan(85);
  });

  it('names functions that are exported', () => {
    const named = spans.flatMap((code) => [...code.matchAll(/\b(\w+)\(/g)].map(([, name = '']) => name));
    expect(new Set(named).size).toBeGreaterThan(15);
    expect(named.filter((name) => !exported.includes(name))).toEqual([]);
  });

  it('names classes and options that are there', () => {
    const classes = rightSpans.filter((code) => /^[A-Z]\w+Error$/.test(code));
    expect(classes.length).toBeGreaterThan(4);
    expect(classes.filter((name) => !exported.includes(name))).toEqual([]);
    const withUnits = rightSpans.filter((code) => /^[a-z]\w*(Ms|Usd|Bytes)$/.test(code));
    expect(withUnits.length).toBeGreaterThan(3);
    expect(withUnits.filter((name) => !optionNames.includes(name))).toEqual([]);
    expect(optionNames).toEqual(expect.arrayContaining(['signal', 'baseUrl', 'timeoutMs', 'maxUsd']));
  });

  const video = { model: 'wan2.2-t2v-plus', prompt: 'a fox' };
  const image = { model: 'wan2.5-t2i-preview', prompt: 'a fox' };
  const longer = { model: 'wan2.5-t2v-preview', prompt: 'a fox' };
  it.each<[string, object, object]>([
    ['negativePrompt', { ...video, negativePrompt: 'a' }, { ...video, negative_prompt: 'a' }],
    ['size', { ...image, size: 'square' }, { ...image, image_size: 'square' }],
    ['n', { ...image, n: 2 }, { ...image, num_images: 2 }],
    ["'1080p' at wan2.2-t2v-plus", { ...video, resolution: '1080p' }, { ...video, resolution: '1080P' }],
    ["'1080P' at wan2.5-t2v-preview", { ...longer, resolution: '1080P' }, { ...longer, resolution: '1080p' }],
    ["duration: '5'", { ...longer, duration: '5' }, { ...longer, duration: 5 }],
    ['a duration where the model has none', { ...video, duration: 5 }, video],
    ['signal as a field', { ...video, signal: 'a' }, video],
    ['a path in image_url', { model: 'wan2.2-i2v-plus', prompt: 'a', image_url: 'a.png' }, video],
  ])('says truly what is a mistake: %s', (_, wrong, fit) => {
    expect(check(wrong).issues).toHaveLength(1);
    expect(check(fit).issues).toBeUndefined();
  });

  it('names models that are known, and fields that they have', () => {
    const ids = rightSpans.flatMap((code) => [...code.matchAll(/\bwan[\w.-]+-[\w-]+/g)].map(([id]) => id));
    const names = models.models().flatMap(({ aliases }) => aliases);
    expect(ids.filter((id) => id !== 'aimlapi-wan' && !names.includes(id))).toEqual([]);
    expect(models.findModel('wan2.2-i2v-plus')?.limits).toHaveProperty('image_url');
    expect(models.findModel('wan-2-6-image')?.limits).toHaveProperty('image_urls');
  });

  it('says truly which options do not exist, and what is refused', () => {
    for (const name of ['baseURL', 'timeout']) {
      const options: object = { [name]: 'https://example.com' };
      expect(() => index.createWan(options)).toThrow(/did you mean/);
    }
    expect(index.mayHaveBeenPaid(new Error('not of a create'))).toBe(true);
    expect(new index.InvalidInputError('a', { model: 'a', issues: [] })).toHaveProperty('issues');
  });
});
