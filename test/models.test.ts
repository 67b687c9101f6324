import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Wan26T2vInput } from '../src/aimlapi/models/wan-2-6-t2v.js';
import type { Wan22T2vPlusInput } from '../src/aimlapi/models/wan2.2-t2v-plus.js';
import type { ImageInput, VideoInput } from '../src/index.js';
import {
  checkInput,
  findModel,
  type ImageModel,
  type InputOf,
  jsonSchemaOf,
  models,
  schemaOf,
  type VideoModel,
} from '../src/models.js';

const prompt = 'a dragon';

describe('findModel()', () => {
  test.each(['wan2.6-t2v', 'alibaba/wan2.6-t2v', 'wan-2-6-t2v', 'alibaba/wan-2-6-t2v'])(
    'finds a model by the name %s',
    (name) => {
      expect(findModel(name)).toEqual(models().find(({ id }) => id === 'alibaba/wan-2-6-t2v'));
    },
  );

  test.each(['wan2.6-t2v ', 'WAN2.6-T2V', '', 'constructor', '__proto__'])('knows no %j', (name) => {
    expect(findModel(name)).toBeUndefined();
  });

  test('gives a copy', () => {
    findModel('wan2.6-t2v')?.aliases.splice(0);
    expect(findModel('wan2.6-t2v')?.aliases).toHaveLength(3);
  });
});

describe('checkInput()', () => {
  test('gives what would be sent, with the long id, for images and videos', () => {
    expect(checkInput({ model: 'wan2.2-t2i-plus', prompt })).toEqual({
      value: { model: 'alibaba/wan2.2-t2i-plus', prompt },
    });
    expect(checkInput({ prompt, model: 'wan2.6-t2v', duration: 5 })).toEqual({
      value: { model: 'alibaba/wan-2-6-t2v', prompt, duration: 5 },
    });
  });

  test('puts no default into it', () => {
    for (const { id, limits } of models()) {
      const needed = Object.entries(limits).filter(([, { required }]) => required);
      const media = (name: string) => (name.endsWith('s') ? ['https://a.example/b'] : 'https://a.example/b');
      const input = Object.fromEntries(
        needed.map(([name]) => [name, name === 'prompt' ? prompt : media(name)]),
      );
      expect(checkInput({ model: id, ...input })).toEqual({ value: { model: id, ...input } });
    }
  });

  test('takes a private address: only a client knows where the API is', () => {
    const input = { model: 'wan2.2-i2v-plus', prompt, image_url: 'http://localhost/a.png' };
    expect(checkInput(input)).toHaveProperty('value');
  });

  test('knows models of both kinds where the name is wrong', () => {
    const { issues } = checkInput({ model: 'wan2.2-t2i', prompt });
    expect(issues?.[0]?.message).toBe(
      'is not known: did you mean "wan2.2-t2i-flash"? (generateImageUnchecked and generateVideoUnchecked take any other)',
    );
    expect(checkInput({ prompt }).issues?.[0]?.message).toMatch(
      /^is missing: it takes one of .*wan-2-7-r2v$/,
    );
  });

  const throwing = () => {
    throw new Error('no');
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a symbol', Symbol('x')],
    ['a bigint', 1n],
    ['a list', [{}]],
    ['a function', throwing],
    ['a Promise', Promise.resolve()],
    ['a revoked proxy', revoked.proxy],
    ['a getter that throws', Object.defineProperty({}, 'model', { enumerable: true, get: throwing })],
    ['a trap that throws', new Proxy({}, { ownKeys: throwing, get: throwing, getPrototypeOf: throwing })],
    ['a field that throws', { model: 'wan-2-6-image', prompt, image_size: new Proxy({}, { get: throwing }) }],
    ['a revoked field', { model: 'wan-2-6-image', prompt: revoked.proxy }],
    ['a revoked list', { model: 'wan-2-6-image', prompt, image_urls: revoked.proxy }],
    ['a revoked name', { model: revoked.proxy }],
    ['a revoked field that is not known', { model: 'wan-2-6-image', prompt, x: revoked.proxy }],
    ['an error', new Error('x')],
    ['a field that is a symbol', { model: 'wan-2-6-image', prompt: Symbol('x') }],
  ])('gives issues for %s, and throws nothing', (_, input) => {
    const checks = [checkInput(input), schemaOf('wan-2-6-image')['~standard'].validate(input)];
    for (const { issues } of checks) expect(issues?.length).toBeGreaterThan(0);
  });
});

describe('schemaOf()', () => {
  const { validate, ...props } = schemaOf('wan2.2-t2v-plus')['~standard'];

  test('is a Standard Schema of version 1, with JSON Schema', () => {
    expect(props).toMatchObject({ version: 1, vendor: 'aimlapi-wan' });
    expectTypeOf(schemaOf('wan2.2-t2v-plus')).toExtend<StandardSchemaV1>();
    expectTypeOf(schemaOf('wan2.2-t2v-plus')).toExtend<StandardJSONSchemaV1>();
    expectTypeOf(schemaOf('wan2.2-t2v-plus' as string)).toExtend<
      StandardSchemaV1<object, ImageInput | VideoInput>
    >();
  });

  test('takes the input with any name of its model and without one, and gives what would be sent', () => {
    const value = { model: 'alibaba/wan2.2-t2v-plus', prompt };
    for (const model of ['wan2.2-t2v-plus', 'alibaba/wan2.2-t2v-plus', undefined]) {
      expect(validate({ model, prompt })).toEqual({ value });
    }
    expect(validate({ prompt })).toEqual({ value });
  });

  test('refuses another model, and says which names it takes', () => {
    for (const model of ['wan2.6-t2v', 'x', 5, null]) {
      const message = 'may be left out, or is one of alibaba/wan2.2-t2v-plus, wan2.2-t2v-plus';
      expect(validate({ model, prompt })).toEqual({ issues: [{ message, path: ['model'] }] });
    }
  });

  test('has the messages of checkInput, each at its place', () => {
    const { validate: validateImage } = schemaOf('wan-2-6-image')['~standard'];
    const bad = {
      prompt,
      image_size: { width: 1, height: 512 },
      image_urls: ['https://a.example/b', 'cat.png'],
    };
    const { issues = [] } = validateImage(bad);
    expect(issues.map(({ path }) => path)).toEqual([
      ['image_size', 'width'],
      ['image_urls', 1],
    ]);
    const messages = checkInput({ model: 'wan-2-6-image', ...bad }).issues?.map(({ message }) => message);
    expect(issues.map(({ message }) => message)).toEqual(messages);
    expect(validate(5).issues?.[0]).toEqual({
      message: 'takes an object such as { model, prompt }',
      path: [],
    });
  });

  test.each(['draft-2020-12', 'draft-07', 'openapi-3.0'])('writes JSON Schema for %s', (target) => {
    const { input, output } = props.jsonSchema;
    expect(input({ target })).toMatchObject({ type: 'object', required: ['prompt'] });
    expect(output({ target })).toMatchObject({
      required: ['model', 'prompt'],
      properties: { model: { enum: ['alibaba/wan2.2-t2v-plus'] } },
    });
    expect(() => input({ target: 'draft-03' })).toThrow(TypeError);
  });
});

describe.each([
  ['schemaOf', schemaOf],
  ['jsonSchemaOf', jsonSchemaOf],
] as const)('%s()', (_, give) => {
  test.each([
    ['wan2.6-t2v ', 'did you mean "wan2.6-t2v"?'],
    ['WAN2.6-T2V', 'did you mean "wan2.6-t2v"?'],
    ['wan2.2-t2v', 'did you mean "wan2.2-t2v-plus"?'],
    ['wan2.2-t2i', 'did you mean "wan2.2-t2i-flash"?'],
    ['dall-e-3', 'models() lists all'],
    ['__proto__', 'models() lists all'],
  ])('names the near model for %j', (name, hint) => {
    const words = `Cannot give the schema of "${name.trim()}`;
    expect(() => give(name)).toThrow(TypeError);
    expect(() => give(name)).toThrow(hint);
    expect(() => give(name)).toThrow(words);
  });

  test.each([undefined, null, 5, {}])('is a TypeError for %j', (name) => {
    expect(() => Reflect.apply(give, undefined, [name])).toThrow(TypeError);
  });
});

describe('jsonSchemaOf()', () => {
  test('is of draft 2020-12, and takes no other field', () => {
    expect(jsonSchemaOf('wan2.2-t2v-plus')).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'alibaba/wan2.2-t2v-plus',
      type: 'object',
      additionalProperties: false,
      required: ['prompt'],
    });
  });

  test('gives a copy: what is done to it changes nothing', () => {
    const before = structuredClone(jsonSchemaOf('wan2.6-t2v'));
    const changed = jsonSchemaOf('wan2.6-t2v');
    for (const part of Object.values(changed))
      if (typeof part === 'object' && part) Object.assign(part, { x: 1 });
    Reflect.deleteProperty(changed, 'not');
    expect(jsonSchemaOf('wan2.6-t2v')).toEqual(before);
    expect(
      checkInput({ model: 'wan2.6-t2v', prompt, shot_type: 'multi', enhance_prompt: false }),
    ).toHaveProperty('issues');
  });
});

test('InputOf is what one model takes, by any of its names', () => {
  expectTypeOf<InputOf<'wan2.2-t2v-plus'>>().toEqualTypeOf<Wan22T2vPlusInput>();
  expectTypeOf<InputOf<'alibaba/wan2.2-t2v-plus'>>().toEqualTypeOf<Wan22T2vPlusInput>();
  expectTypeOf<InputOf<'wan2.6-t2v'>>().toEqualTypeOf<Wan26T2vInput>();
  expectTypeOf<InputOf<'alibaba/wan-2-6-t2v'>>().toEqualTypeOf<Wan26T2vInput>();
  expectTypeOf<InputOf<'wan2.2-t2v-plus' | 'wan-2-6-t2v'>>().toEqualTypeOf<
    Wan22T2vPlusInput | Wan26T2vInput
  >();
  expectTypeOf<InputOf<ImageModel>>().toEqualTypeOf<ImageInput>();
  expectTypeOf<InputOf<VideoModel>>().toEqualTypeOf<VideoInput>();
  expectTypeOf<'wan2.2-t2i-plus'>().toExtend<ImageModel>();
  expectTypeOf<'alibaba/wan2.6-t2v'>().toExtend<VideoModel>();
  // @ts-expect-error no model has this name
  expectTypeOf<InputOf<'wan-9'>>().toBeNever();
});
