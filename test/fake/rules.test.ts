import { describe, expect, test } from 'vitest';
import { findIssues, modelRules } from '../../src/fake/rules.js';

const prompt = 'a dragon';

function issuesOf(model: string, fields: object) {
  const rules = modelRules[model];
  if (!rules) throw new Error(`there are no rules for ${model}`);
  return findIssues(rules.body, { model, prompt, ...fields });
}

test('modelRules holds the four models', () => {
  expect(Object.entries(modelRules).map(([id, { kind }]) => `${kind} ${id}`)).toEqual([
    'image alibaba/wan2.2-t2i-plus',
    'image alibaba/wan2.5-t2i-preview',
    'image alibaba/wan-2-6-image',
    'video alibaba/wan2.2-t2v-plus',
  ]);
});

describe.each(['alibaba/wan2.2-t2i-plus', 'alibaba/wan2.5-t2i-preview', 'alibaba/wan-2-6-image'])(
  '%s',
  (model) => {
    test.each([
      ['a prompt alone', {}],
      ['an empty prompt', { prompt: '' }],
      ['the longest texts', { prompt: '🦖'.repeat(2000), negative_prompt: '🦖'.repeat(500) }],
      ['a preset and flags', { image_size: 'square_hd', enhance_prompt: false, watermark: true, seed: 0 }],
      ['a size and the last seed', { image_size: { width: 512, height: 1440 }, seed: 2_147_483_647 }],
      ['a field that it does not know', { a_field_of_the_future: true }],
    ])('findIssues() finds nothing wrong with %s', (_, fields) => {
      expect(issuesOf(model, fields)).toEqual([]);
    });

    test.each([
      ['no prompt', { prompt: undefined }, ['prompt'], 'invalid_type', 'Required'],
      ['a prompt of null', { prompt: null }, ['prompt'], 'invalid_type', 'Expected string, received null'],
      [
        'a prompt too long',
        { prompt: 'a'.repeat(2001) },
        ['prompt'],
        'too_big',
        'Must contain at most 2000 character(s)',
      ],
      [
        'a negative prompt too long',
        { negative_prompt: 'a'.repeat(501) },
        ['negative_prompt'],
        'too_big',
        'Must contain at most 500 character(s)',
      ],
      [
        'a negative prompt of null',
        { negative_prompt: null },
        ['negative_prompt'],
        'invalid_type',
        'Expected string, received null',
      ],
      [
        'a flag as text',
        { enhance_prompt: 'yes' },
        ['enhance_prompt'],
        'invalid_type',
        'Expected boolean, received string',
      ],
      [
        'a flag as number',
        { watermark: 1 },
        ['watermark'],
        'invalid_type',
        'Expected boolean, received number',
      ],
      ['a seed too small', { seed: -1 }, ['seed'], 'too_small', 'Number must be greater than or equal to 0'],
      [
        'a seed too large',
        { seed: 2_147_483_648 },
        ['seed'],
        'too_big',
        'Number must be less than or equal to 2147483647',
      ],
      ['half a seed', { seed: 0.5 }, ['seed'], 'invalid_type', 'Expected integer, received number'],
      ['a size without that name', { image_size: 'wide' }, ['image_size'], 'invalid_union', 'Invalid input'],
      ['half a size', { image_size: { width: 512 } }, ['image_size'], 'invalid_union', 'Invalid input'],
    ])('findIssues() finds %s', (_, fields, path, code, message) => {
      expect(issuesOf(model, fields)).toEqual([expect.objectContaining({ path, code, message })]);
    });

    test.each([480, 500, 513, 1472, '512', null])('findIssues() refuses %j as a side', (side) => {
      const [issue] = issuesOf(model, { image_size: { width: side, height: 512 } });
      expect(issue).toMatchObject({ code: 'invalid_union', path: ['image_size'] });
      expect(issue?.unionErrors).toHaveLength(2);
      expect(issue?.unionErrors).toMatchObject([
        [{ path: ['image_size', 'width'] }],
        [{ path: ['image_size'] }],
      ]);
    });
  },
);

describe('num_images', () => {
  test.each(['alibaba/wan2.2-t2i-plus', 'alibaba/wan2.5-t2i-preview'])(
    'findIssues() knows the limits of %s',
    (model) => {
      for (const good of [1, 4]) expect(issuesOf(model, { num_images: good })).toEqual([]);
      for (const bad of [0, 5, 1.5, '2', null]) {
        expect(issuesOf(model, { num_images: bad })).toMatchObject([{ path: ['num_images'] }]);
      }
    },
  );

  test('findIssues() passes over num_images where a model has no such field', () => {
    expect(issuesOf('alibaba/wan-2-6-image', { num_images: 9 })).toEqual([]);
  });
});

describe('image_urls', () => {
  const model = 'alibaba/wan-2-6-image';
  const link = 'https://example.com/cat.png';

  test.each([[[link]], [[link, 'data:image/png;base64,iVBORw0KGgo=', link]]])(
    'findIssues() takes %j',
    (urls) => {
      expect(issuesOf(model, { image_urls: urls })).toEqual([]);
    },
  );

  test.each([
    [[], ['image_urls'], 'too_small'],
    [[link, link, link, link], ['image_urls'], 'too_big'],
    [link, ['image_urls'], 'invalid_type'],
    [{ 0: link }, ['image_urls'], 'invalid_type'],
    [[link, 'cat.png'], ['image_urls', 1], 'invalid_string'],
    [[5], ['image_urls', 0], 'invalid_type'],
  ])('findIssues() refuses %j', (urls, path, code) => {
    expect(issuesOf(model, { image_urls: urls })).toMatchObject([{ path, code }]);
  });
});

describe('alibaba/wan2.2-t2v-plus', () => {
  const model = 'alibaba/wan2.2-t2v-plus';

  test.each([
    ['texts of any length', { prompt: 'a'.repeat(100_000), negative_prompt: 'a'.repeat(100_000) }],
    ['every field', { resolution: '480P', aspect_ratio: '9:16', seed: -(2 ** 40), watermark: true }],
    ['a field that it does not know', { resolution: '1080P', aspect_ratio: '3:4', duration: 10 }],
  ])('findIssues() finds nothing wrong with %s', (_, fields) => {
    expect(issuesOf(model, fields)).toEqual([]);
  });

  test('findIssues() tells a wrong word in the form of the API', () => {
    expect(issuesOf(model, { resolution: '720P' })).toEqual([
      {
        received: '720P',
        code: 'invalid_enum_value',
        options: ['480P', '1080P'],
        path: ['resolution'],
        message: "Invalid enum value. Expected '480P' | '1080P', received '720P'",
      },
    ]);
  });

  test('findIssues() finds every issue of a body', () => {
    const fields = { prompt: 5, resolution: '480p', aspect_ratio: '21:9', seed: 1.5, watermark: null };
    expect(issuesOf(model, fields).map(({ path }) => path)).toEqual([
      ['prompt'],
      ['resolution'],
      ['aspect_ratio'],
      ['watermark'],
      ['seed'],
    ]);
  });

  test.each([null, [], 'text', 5, undefined])('findIssues() refuses the body %j', (body) => {
    expect(findIssues(modelRules[model]?.body ?? { type: 'boolean' }, body)).toMatchObject([
      { code: 'invalid_type', expected: 'object', path: [] },
    ]);
  });
});
