import { describe, expect, test } from 'vitest';
import { toCheckedCreate } from '../../src/aimlapi/models/checked-create.js';
import { models } from '../../src/aimlapi/models/list-models.js';
import { type InputIssue, InvalidInputError } from '../../src/base/errors.js';
import { findIssues, modelRules } from '../../src/fake/rules.js';

const textToImage = ['alibaba/wan2.2-t2i-plus', 'alibaba/wan2.5-t2i-preview'];
const imageToImage = ['alibaba/wan-2-6-image'];
const images = [...textToImage, ...imageToImage];
const videos = ['alibaba/wan2.2-t2v-plus'];
const every = [...images, ...videos];

function kindOf(model: string): 'image' | 'video' {
  return videos.includes(model) ? 'video' : 'image';
}

function refusalOf(kind: 'image' | 'video', input: unknown): InvalidInputError {
  try {
    toCheckedCreate(kind, input);
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('the input was let through');
}

/** One field of some models: what it takes, and what it refuses with `message`. */
interface Limit {
  field: string;
  models: readonly string[];
  good: readonly unknown[];
  bad: readonly unknown[];
  message: string;
  /** Where the issue is, if not at the field. */
  path?: string;
}

const png = 'data:image/png;base64,iVBORw0KGgo=';
const link = 'https://example.com/cat.png';
const sizeRule =
  'takes one of square_hd, square, portrait_4_3, portrait_16_9, landscape_4_3, landscape_16_9, or { width, height }';
const sideRule = 'takes a whole number from 512 to 1440, a multiple of 32';
const pictureRule =
  'takes an http(s) URL, or a local picture as "data:image/…;base64,…" (toDataUri makes one)';

const limits: readonly Limit[] = [
  {
    field: 'prompt',
    models: images,
    good: ['a', 'a'.repeat(2000), '🦖'.repeat(2000), '龍'.repeat(2000)],
    bad: ['', 'a'.repeat(2001), '🦖'.repeat(2001), 5, null, ['a']],
    message: 'takes a text of 1 to 2000 characters',
  },
  {
    field: 'prompt',
    models: videos,
    good: ['a', 'a'.repeat(100_000)],
    bad: ['', 5, null, ['a']],
    message: 'takes a text of at least 1 character',
  },
  {
    field: 'negative_prompt',
    models: images,
    good: [undefined, '', 'a'.repeat(500), '🦖'.repeat(500)],
    bad: ['a'.repeat(501), '🦖'.repeat(501), 5, null],
    message: 'takes a text of 0 to 500 characters',
  },
  {
    field: 'negative_prompt',
    models: videos,
    good: [undefined, '', 'a'.repeat(100_000)],
    bad: [5, null],
    message: 'takes a text',
  },
  {
    field: 'num_images',
    models: textToImage,
    good: [undefined, 1, 4],
    bad: [0, 5, 1.5, -1, '2', null, Number.NaN, Number.POSITIVE_INFINITY],
    message: 'takes a whole number from 1 to 4',
  },
  {
    field: 'seed',
    models: images,
    good: [undefined, 0, 2_147_483_647],
    bad: [-1, 2_147_483_648, 1.5, '7', null],
    message: 'takes a whole number from 0 to 2147483647',
  },
  {
    field: 'seed',
    models: videos,
    good: [undefined, 0, -1, -(2 ** 40), 2 ** 40],
    bad: [1.5, '7', null, Number.NaN, Number.NEGATIVE_INFINITY],
    message: 'takes a whole number',
  },
  ...['enhance_prompt', 'watermark'].map((field) => ({
    field,
    models: every,
    good: [undefined, true, false],
    bad: ['true', 1, null],
    message: 'takes true or false',
  })),
  {
    field: 'image_size',
    models: images,
    good: [
      undefined,
      ...['square_hd', 'square', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9'],
      ...[512, 544, 1440].map((side) => ({ width: side, height: 512 })),
      ...[512, 544, 1440].map((side) => ({ width: 512, height: side })),
    ],
    bad: ['1024x768', 'wide', '', 1024, null, [512, 512]],
    message: sizeRule,
  },
  {
    field: 'image_size',
    models: images,
    good: [],
    bad: [480, 500, 513, 1472, 512.5, '512', null].map((side) => ({ width: side, height: 512 })),
    path: 'image_size.width',
    message: sideRule,
  },
  {
    field: 'image_size',
    models: images,
    good: [],
    bad: [480, 500, 513, 1472, 512.5, '512', null].map((side) => ({ width: 512, height: side })),
    path: 'image_size.height',
    message: sideRule,
  },
  {
    field: 'image_size',
    models: images,
    good: [],
    bad: [{ width: 512 }, { width: 512, height: undefined }],
    path: 'image_size.height',
    message: `is missing: it ${sideRule}`,
  },
  {
    field: 'image_size',
    models: images,
    good: [],
    bad: [{ width: 512, height: 512, depth: 3 }],
    path: 'image_size.depth',
    message: 'is not a field of image_size: it takes width, height',
  },
  {
    field: 'resolution',
    models: videos,
    good: [undefined, '480P', '1080P'],
    bad: ['720P', '720p', '', '4K', null],
    message: 'takes "480P" or "1080P"',
  },
  {
    field: 'resolution',
    models: videos,
    good: [],
    bad: ['480p', '480'],
    message: 'takes "480P" or "1080P" (did you mean "480P"?)',
  },
  {
    field: 'resolution',
    models: videos,
    good: [],
    bad: ['1080p', '1080', 1080],
    message: 'takes "480P" or "1080P" (did you mean "1080P"?)',
  },
  {
    field: 'aspect_ratio',
    models: videos,
    good: [undefined, '16:9', '9:16', '1:1', '4:3', '3:4'],
    bad: ['21:9', 'wide', '', null],
    message: 'takes "16:9" or "9:16" or "1:1" or "4:3" or "3:4"',
  },
  {
    field: 'aspect_ratio',
    models: videos,
    good: [],
    bad: ['16/9', '16x9'],
    message: 'takes "16:9" or "9:16" or "1:1" or "4:3" or "3:4" (did you mean "16:9"?)',
  },
  {
    field: 'image_urls',
    models: imageToImage,
    good: [
      undefined,
      [link],
      ['http://example.com/cat.png', png],
      ['HTTPS://example.com/cat.png'],
      [link, link, link],
      ['DATA:image/svg+xml;base64,PHN2Zz4='],
    ],
    bad: [[], [link, link, link, link], 5, null, { 0: link }],
    message: 'takes a list of 1 to 3 pictures',
  },
  {
    field: 'image_urls',
    models: imageToImage,
    good: [],
    bad: [
      'cat.png',
      './cat.png',
      '/home/me/cat.png',
      'C:\\cat.png',
      'file:///home/me/cat.png',
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB',
      'data:image/png;base64,',
      'data:image/png;base64,iVBOR w0KGgo=',
      'data:image/png;base64,iVBOR===',
      'data:image/png,iVBORw0KGgo=',
      'data:text/plain;base64,aGVsbG8=',
      'ftp://example.com/cat.png',
      'https:cat.png',
      'https:/example.com/cat.png',
      'https://',
      ' https://example.com/cat.png',
      'https://example.com/cat.png\n',
      'https://example.com/a\ncat.png',
      '',
      5,
      null,
    ].map((picture) => [picture]),
    path: 'image_urls[0]',
    message: pictureRule,
  },
  {
    field: 'image_urls',
    models: imageToImage,
    good: [],
    bad: [[link, png, 'cat.png']],
    path: 'image_urls[2]',
    message: pictureRule,
  },
];

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 40)}… (${text.length} characters)`;
}

const cases = limits.flatMap((limit) => limit.models.map((model) => ({ ...limit, model })));
const good = cases.flatMap(({ good: values, ...rest }) =>
  values.map((value) => ({ ...rest, value, shown: shown(value) })),
);
const bad = cases.flatMap(({ bad: values, ...rest }) =>
  values.map((value) => ({ ...rest, value, shown: shown(value) })),
);

describe('limits', () => {
  test.each(good)('toCheckedCreate() lets $model have the $field $shown', ({ model, field, value }) => {
    const input = { model, prompt: 'a dragon', [field]: value };
    const checked = toCheckedCreate(kindOf(model), input);
    expect(checked).toMatchObject({ model, body: input });
    expect(findIssues(modelRules[model]?.body ?? { type: 'boolean' }, checked.body)).toEqual([]);
  });

  test('toCheckedCreate() lets an address have a blank within: what it means is for the server to say', () => {
    const image_urls = ['https://example.com/a cat.png'];
    const input = { model: 'alibaba/wan-2-6-image', prompt: 'a cat', image_urls };
    expect(toCheckedCreate('image', input)).toMatchObject({ body: { image_urls } });
  });

  test.each(bad)(
    'toCheckedCreate() refuses $model the $field $shown',
    ({ model, field, value, path, message }) => {
      const error = refusalOf(kindOf(model), { model, prompt: 'a dragon', [field]: value });
      expect(error.model).toBe(model);
      expect(error.issues.map((issue) => [issue.path, issue.message])).toEqual([[path ?? field, message]]);
      expect(error.message).toContain(`${path ?? field} ${message}`);
    },
  );

  test.each(every)('toCheckedCreate() refuses %s without a prompt', (model) => {
    const rule = kindOf(model) === 'image' ? 'of 1 to 2000 characters' : 'of at least 1 character';
    const issue = { path: 'prompt', message: `is missing: it takes a text ${rule}` };
    expect(refusalOf(kindOf(model), { model }).issues).toEqual([issue]);
    expect(refusalOf(kindOf(model), { model, prompt: undefined }).issues).toEqual([issue]);
  });
});

describe('model ids', () => {
  test.each(every)('toCheckedCreate() takes the short id of %s and sends the long one', (model) => {
    const short = model.replace('alibaba/', '');
    const expected = { model, body: { model, prompt: 'a dragon' } };
    expect(toCheckedCreate(kindOf(model), { model: short, prompt: 'a dragon' })).toMatchObject(expected);
    expect(toCheckedCreate(kindOf(model), { model, prompt: 'a dragon' })).toMatchObject(expected);
  });

  test('toCheckedCreate() leaves the input as it was when it sends the long id', () => {
    const input = { model: 'wan2.2-t2v-plus', prompt: 'a dragon' };
    toCheckedCreate('video', input);
    expect(input).toEqual({ model: 'wan2.2-t2v-plus', prompt: 'a dragon' });
  });

  test.each(videos)('toCheckedCreate() names generateVideo when %s is to make an image', (model) => {
    const message = 'is a model of generateVideo, not of generateImage';
    const issue = { path: 'model', received: model, message };
    expect(refusalOf('image', { model, prompt: 'a dragon' }).issues).toEqual([issue]);
  });

  test.each(images)('toCheckedCreate() names generateImage when %s is to make a video', (model) => {
    const { issues } = refusalOf('video', { model, prompt: 'a dragon' });
    expect(issues.map(({ path }) => path)).toEqual(['model']);
    expect(issues[0]?.message).toBe('is a model of generateImage, not of generateVideo');
  });

  const imageNames =
    'wan2.2-t2i-flash, wan2.2-t2i-plus, wan2.5-t2i-preview, wan-2-6-image, wan-2-7-image, wan-2-7-image-pro';
  const imageRule = `takes one of ${imageNames} (generateImageUnchecked takes any other)`;

  test.each([
    ['wan26-image', 'wan-2-6-image'],
    ['wan2.2-t2i', 'wan2.2-t2i-flash'],
    ['wan2.8-image', 'wan-2-6-image'],
    ['alibaba/wan2.5-t2i-previw', 'wan2.5-t2i-preview'],
    ['WAN2.2_T2I_PLUS', 'wan2.2-t2i-plus'],
  ])('toCheckedCreate() suggests a model when %j is near %j', (model, near) => {
    const message = `is not known: did you mean "${near}"? (generateImageUnchecked takes any other)`;
    const error = refusalOf('image', { model, prompt: 'a dragon' });
    expect(error.issues).toEqual([{ path: 'model', message, received: model }]);
    expect(error.model).toBeUndefined();
  });

  test.each([
    ['wan2.2-t2v', 'wan2.2-t2v-plus'],
    ['alibaba/wan2.2-i2v', 'wan2.2-i2v-plus'],
    ['wan2.7-r2', 'wan-2-7-r2v'],
    ['wan2.2-t2v-pluss', 'wan2.2-t2v-plus'],
    ['wan/v2.1/1.3b/text-to-vide', 'wan/v2.1/1.3b/text-to-video'],
    ['alibaba/wan/v2.1/1.3b/text-to-video', 'wan/v2.1/1.3b/text-to-video'],
  ])('toCheckedCreate() suggests a video model when %j is near %j', (model, near) => {
    const message = `is not known: did you mean "${near}"? (generateVideoUnchecked takes any other)`;
    expect(refusalOf('video', { model, prompt: 'x' }).issues[0]?.message).toBe(message);
  });

  test.each([
    ['image', 'wan2.7-t2'],
    ['video', 'wan2.7-imag'],
    ['image', 'text-to-video'],
    ['video', 't2i-preview'],
  ] as const)('toCheckedCreate() suggests no model of another kind for %s, %j', (kind, model) => {
    const message = refusalOf(kind, { model, prompt: 'x' }).issues[0]?.message ?? '';
    const meant = /did you mean "(.*)"/.exec(message)?.[1];
    const names = models().flatMap((each) => (each.kind === kind ? [each.id, ...each.aliases] : []));
    if (meant === undefined) expect(message).toMatch(/^takes one of /);
    else expect(names).toContain(meant);
  });

  test.each(['dall-e-3', '', 'constructor', '__proto__', 5, null])(
    'toCheckedCreate() lists the models when the model is %j',
    (model) => {
      const { issues } = refusalOf('image', { model, prompt: 'a dragon' });
      expect(issues.map(({ path, message }) => [path, message])).toEqual([['model', imageRule]]);
    },
  );

  test('toCheckedCreate() lists the models when there is none', () => {
    const issue = { path: 'model', message: `is missing: it takes one of ${imageNames}` };
    expect(refusalOf('image', { prompt: 'a dragon' }).issues).toEqual([issue]);
  });

  test.each([undefined, null, 'a dragon', 5, true, [{ model: 'wan2.2-t2v-plus' }]])(
    'toCheckedCreate() asks for an object when it is given %j',
    (input) => {
      const { issues, model } = refusalOf('video', input);
      expect(issues.map(({ path, message }) => [path, message])).toEqual([
        ['', 'takes an object such as { model, prompt }'],
      ]);
      expect(model).toBeUndefined();
    },
  );
});

describe('unknown fields', () => {
  test.each([
    ['alibaba/wan2.2-t2i-plus', 'negativePrompt', 'negative_prompt'],
    ['alibaba/wan2.2-t2i-plus', 'size', 'image_size'],
    ['alibaba/wan2.5-t2i-preview', 'num_image', 'num_images'],
    ['alibaba/wan-2-6-image', 'image_url', 'image_urls'],
    ['alibaba/wan2.2-t2v-plus', 'aspectRatio', 'aspect_ratio'],
  ])('toCheckedCreate() refuses %s the field %s and suggests %s', (model, field, near) => {
    const message = `is not a field of this model: did you mean "${near}"?`;
    expect(refusalOf(kindOf(model), { model, prompt: 'a dragon', [field]: 1 }).issues).toEqual([
      { path: field, message, received: 1 },
    ]);
  });

  test.each([
    ['alibaba/wan-2-6-image', 'num_images', 2],
    ['alibaba/wan2.2-t2i-plus', 'image_urls', 2],
    ['alibaba/wan2.2-t2v-plus', 'duration', 5],
    ['alibaba/wan2.2-t2v-plus', 'num_images', 1],
    ['alibaba/wan2.2-t2v-plus', 'n', null],
  ])('toCheckedCreate() refuses %s the field %s and lists those it has', (model, field, value) => {
    const body = modelRules[model]?.body;
    const fields =
      body && 'properties' in body ? Object.keys(body.properties).filter((name) => name !== 'model') : [];
    const { issues } = refusalOf(kindOf(model), { model, prompt: 'a dragon', [field]: value });
    expect(issues).toMatchObject([{ path: field, received: value }]);
    const [own = '', others] = issues[0]?.message.split('; ') ?? [];
    const listed = own.replace('is not a field of this model: it takes ', '').split(', ');
    const having = models().filter((each) => each.kind === kindOf(model) && each.limits[field]);
    const names = having.map(({ id }) => id.replace('alibaba/', '')).join(', ');
    expect(others).toBe(having.length === 0 ? undefined : `${field} is a field of ${names}`);
    expect(listed.toSorted()).toEqual(fields.toSorted());
  });

  test('toCheckedCreate() names every broken rule when there are several', () => {
    const input = { model: 'wan2.2-t2i-plus', prompt: '', num_images: 9, sede: 1, watermark: 'no' };
    const { issues, message } = refusalOf('image', input);
    expect(issues.map(({ path }) => path).toSorted()).toEqual(['num_images', 'prompt', 'sede', 'watermark']);
    for (const { path } of issues) expect(message).toContain(path);
    expect(message).toMatch(/^Cannot make the image with alibaba\/wan2\.2-t2i-plus: .*\. Nothing was sent$/);
  });
});

describe('what an error shows', () => {
  function shownIn(field: string, value: unknown): { received: InputIssue['received']; error: string } {
    const error = refusalOf('image', { model: 'wan-2-6-image', prompt: 'a dragon', [field]: value });
    return { received: error.issues[0]?.received, error: `${error.message} ${JSON.stringify(error)}` };
  }

  test.each([0.5, true, null, 'maybe'])('toCheckedCreate() shows %j as it was', (value) => {
    expect(shownIn('seed', value).received).toBe(value);
  });

  test('toCheckedCreate() cuts a text to 80 characters', () => {
    const { received, error } = shownIn('negative_prompt', 'long '.repeat(200));
    expect(received).toBe(`${'long '.repeat(12)}… (1000 characters)`);
    expect(error).not.toContain('long '.repeat(13));
  });

  test.each([
    ['headers', { Authorization: 'Bearer sk-0123456789' }],
    ['options', { apiKey: 'sk-0123456789' }],
    ['header', 'Authorization: Bearer sk-0123456789'],
    ['prompt', { text: 'a dragon', apiKey: 'sk-0123456789' }],
    ['image_size', [['x', 'sk-0123456789']]],
    ['api_key', 'sk-0123456789'],
  ])('toCheckedCreate() shows nothing of a key that came in %s', (field, value) => {
    expect(shownIn(field, value).error).not.toContain('0123456789');
  });

  const base64 = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 37) % 256)).toString(
    'base64',
  );

  test.each([
    ['bare base64', base64],
    ['a data URI of text', `data:text/plain;base64,${base64}`],
    ['a data URI with a bad character', `data:image/png;base64,${base64}!`],
    ['a data URI of one character too many', `data:image/png;base64,${base64}A`],
    ['a data URI without a comma', `data:image/png;base64${base64}`],
  ])('toCheckedCreate() shows no base64 when a picture is %s', (_, picture) => {
    const { received, error } = shownIn('image_urls', [picture]);
    expect(error).not.toContain(base64.slice(0, 20));
    expect(String(received)).toMatch(/characters/);
    expect(String(received).length).toBeLessThanOrEqual(80);
  });

  test.each([
    ['image_size', 'https://me:hunter2@example.com/a.png?Signature=s3cret#part'],
    ['image_urls', 'HTTPS://me:hunter2@example.com/a.png?Signature=s3cret#part'],
  ])('toCheckedCreate() shows no credentials and no query of a URL in %s', (field, value) => {
    const { received, error } = shownIn(field, value);
    expect(String(received)).toMatch(/https:\/\/example\.com\/a\.png/i);
    expect(error).not.toMatch(/hunter2|s3cret|part/);
  });
});

describe('what a mistake shows', () => {
  test('toCheckedCreate() suggests the size or word that was probably meant, in any case', () => {
    for (const [field, value, meant] of [
      ['image_size', 'SQUARE', 'square'],
      ['image_size', 'landscape-4-3', 'landscape_4_3'],
    ] as const) {
      const input = { model: 'wan2.2-t2i-plus', prompt: 'x', [field]: value };
      expect(() => toCheckedCreate('image', input)).toThrow(`did you mean "${meant}"?`);
    }
  });

  test('toCheckedCreate() does not show what may be a key in the wrong argument', () => {
    const input = { model: 'wan2.2-t2i-plus', prompt: 'x', apiKey: 'sk-hunter2' };
    expect(() => toCheckedCreate('image', input)).toThrow(/apiKey is not a field of this model/);
    expect(() => toCheckedCreate('image', input)).not.toThrow(/hunter2/);
  });

  test('toCheckedCreate() names a text in place of a list once', () => {
    expect(() =>
      toCheckedCreate('image', { model: 'wan-2-6-image', prompt: 'x', image_urls: 'https://a.b/c.png' }),
    ).toThrow(
      /image: image_urls|with alibaba\/wan-2-6-image: image_urls takes a list of 1 to 3 pictures \(received "https:\/\/a\.b\/c\.png"\)\. Nothing/,
    );
  });
});

describe('models()', () => {
  test('models() hands out a copy: what is done to it changes neither a check nor the next copy', () => {
    const before = structuredClone(models());
    for (const { aliases, inputs, limits } of models()) {
      aliases.length = 0;
      inputs.length = 0;
      for (const known of Object.values(limits)) {
        Reflect.set(known.enum ?? [], 0, 'anything');
        Reflect.set(known.items ?? {}, 'media', 'audio');
        Reflect.set(known, 'maximum', 1e9);
      }
    }
    expect(models()).toEqual(before);
    const input = { model: 'wan2.2-t2v-plus', prompt: 'x' };
    expect(refusalOf('video', { ...input, resolution: 'anything' }).issues).toHaveLength(1);
    expect(toCheckedCreate('video', { ...input, resolution: '480P' }).model).toBe('alibaba/wan2.2-t2v-plus');
  });
});
