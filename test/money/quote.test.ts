import { describe, expect, test } from 'vitest';
import { toCredits, toUsd } from '../../src/money/credits.js';
import { type PricedCreate, quote } from '../../src/money/quote.js';

const usd = (price: number) => Math.round(price * 2_000_000);

/** A create of 3 images of 1440 x 512 pixels, or of one video of 5 s. */
const create: PricedCreate = {
  names: ['m'],
  fields: {
    resolution: '1080P',
    generate_audio: true,
    duration: 5,
    image_size: { width: 1440, height: 512 },
  },
  amounts: { image: 3, megapixel: 2.21184, second: 5, video: 1, request: 1 },
};

const fixed = (name: unknown, price: unknown, per: unknown = 1, more: object = {}) => ({
  kind: 'fixed',
  currency: 'USD',
  units: [{ name, price, per, ...more }],
});

const variants = (...when: object[]) => ({
  kind: 'variants',
  dimensions: when.flatMap((each) => Object.keys(each)),
  variants: when.map((each, index) => ({ when: each, price: (index + 1) / 10, unit: 'second', per: 1 })),
});

describe('quote() of fixed prices', () => {
  test.each([
    ['image', 0.04, 1, usd(0.12), '$0.04 per image x 3 images'],
    ['images', 40, 1000, usd(0.12), '$40 per 1000 images x 3 images'],
    ['Megapixel', 0.05, 1, 221_184, '$0.05 per megapixel x 2.21184 megapixels'],
    ['second', 0.65, 1, usd(3.25), '$0.65 per second x 5 seconds'],
    ['seconds', '0.65', '1', usd(3.25), '$0.65 per second x 5 seconds'],
    ['request', 0.1, 1, usd(0.1), '$0.1 per request x 1 request'],
    ['video', 0.52, 1, usd(0.52), '$0.52 per video x 1 video'],
    ['request', 0, 1, 0, '$0 per request x 1 request'],
  ])('by the %s, %s for %s', (name, price, per, credits, basis) => {
    expect(quote(fixed(name, price, per), create)).toEqual({ credits, basis });
  });

  test('by what comes out, where that is said', () => {
    expect(quote(fixed('second', 1, 1, { measure: 'output' }), create)).toHaveProperty('credits', usd(5));
  });

  test('in USD where no currency is named', () => {
    expect(quote({ ...fixed('request', 1), currency: undefined }, create)).toHaveProperty('credits', usd(1));
  });

  test.each([
    ['no pricing', undefined, 'the catalogue names no price of the model'],
    ['a text', 'free', 'the catalogue names no price of the model'],
    ['variable', { kind: 'variable' }, 'the price of the model is known only afterwards'],
    ['another kind', { kind: 'auction' }, 'the price is of an unknown kind ("auction")'],
    ['no kind', {}, 'the price is of an unknown kind (nothing)'],
    ['another currency', { ...fixed('image', 1), currency: 'EUR' }, 'the price is in "EUR", not in USD'],
    [
      'another currency of the unit',
      fixed('image', 1, 1, { currency: 'EUR' }),
      'the price is in "EUR", not in USD',
    ],
    ['an unknown unit', fixed('token', 1), 'the price is by "token", which is not a unit that is known here'],
    [
      'a name of Object.prototype',
      fixed('constructor', 1),
      'the price is by "constructor", which is not a unit that is known here',
    ],
    [
      'a unit that is no text',
      fixed({ toString: 1 } as never, 1),
      'the price is by "(object)", which is not a unit that is known here',
    ],
    ['no unit', fixed(undefined, 1), 'the price is by nothing, which is not a unit that is known here'],
    [
      'what goes in',
      fixed('second', 1, 1, { measure: 'input' }),
      'the price is by "second" of "input", which is not a unit that is known here',
    ],
    ['no units', { kind: 'fixed', units: [] }, 'the price names no unit'],
    ['units that are no list', { kind: 'fixed', units: 5 }, 'the price names no unit'],
    [
      'several units',
      { kind: 'fixed', units: [{ name: 'request' }, { name: 'second' }] },
      'the price has parts by "request", "second", and it is not documented how they add up',
    ],
    ['no amount', fixed('image', undefined), 'the price has no amount that can be read'],
    ['a broken amount', fixed('image', 'cheap'), 'the price has no amount that can be read'],
    ['an amount below 0', fixed('image', -1), 'the price has no amount that can be read'],
    ['no per', fixed('image', 1, null), 'the price does not say for how many of "image" it is'],
    ['per 0', fixed('image', 1, 0), 'the price does not say for how many of "image" it is'],
    ['a huge amount', fixed('image', 1e300), 'the price times the amount is out of range'],
  ])('cannot be told of %s', (_, pricing, reason) => {
    expect(quote(pricing, create)).toEqual({ reason });
  });

  test('cannot be told where the amount is not known, or is none', () => {
    const amounts = {
      ...create.amounts,
      second: 'how long it is is not known',
      image: 0,
      megapixel: Number.NaN,
    };
    const unknown = { ...create, amounts };
    const told = (name: string) => quote(fixed(name, 1), unknown);
    expect(told('second')).toEqual({ reason: 'the price is by the second, and how long it is is not known' });
    expect(told('image')).toEqual({ reason: 'the price times the amount is out of range' });
    expect(told('megapixel')).toEqual({ reason: 'the price times the amount is out of range' });
  });
});

describe('quote() of prices in variants', () => {
  test.each([
    ['a word in other case', [{ resolution: '720p' }, { resolution: '1080p' }], 0.2, 'resolution 1080p'],
    ['true', [{ generate_audio: true }, { generate_audio: false }], 0.1, 'generate_audio true'],
    ['true as a text', [{ generate_audio: 'False' }, { generate_audio: 'TRUE' }], 0.2, 'generate_audio TRUE'],
    ['a number', [{ duration: 10 }, { duration: 5 }], 0.2, 'duration 5'],
    ['a number as a text', [{ duration: '5' }, { duration: '10' }], 0.1, 'duration 5'],
    [
      'two fields',
      [
        { resolution: '1080p', generate_audio: false },
        { resolution: '720p', generate_audio: true },
        { resolution: '1080p', generate_audio: true },
      ],
      0.3,
      'resolution 1080p, generate_audio true',
    ],
    [
      'an unknown field only at another value of a known one',
      [{ resolution: '1080p' }, { resolution: '720p', turbo: true }],
      0.1,
      'resolution 1080p',
    ],
  ])('matches %s', (_, when, price, chosen) => {
    expect(quote(variants(...when), create)).toEqual({
      credits: usd(price * 5),
      basis: `$${price} per second x 5 seconds (${chosen})`,
    });
  });

  test('of the documented example: 5 s at 1080p for $3.25', () => {
    const pricing = {
      kind: 'variants',
      dimensions: ['resolution'],
      variants: [
        { when: { resolution: '720p' }, price: 0.39, unit: 'second', per: 1 },
        { when: { resolution: '1080p' }, price: 0.65, unit: 'second', per: 1 },
      ],
    };
    expect(quote(pricing, create)).toHaveProperty('credits', 6_500_000);
    const small = { ...create, fields: { resolution: '720p' }, amounts: { ...create.amounts, second: 10 } };
    expect(quote(pricing, small)).toHaveProperty('credits', 7_800_000);
  });

  const depends = (name: string) => `the price depends on "${name}", and its value is not known here`;

  test.each([
    [
      'two that fit',
      variants({ resolution: '1080p' }, { generate_audio: true }),
      /^2 variants of the price would fit "resolution" = "1080P", "generate_audio" = true$/,
    ],
    [
      'the same twice',
      variants({ resolution: '1080p' }, { resolution: '1080P' }),
      /^2 variants .* "resolution" = "1080P"$/,
    ],
    [
      'none that fits',
      variants({ resolution: '720p' }),
      /^no variant of the price would fit "resolution" = "1080P"$/,
    ],
    ['an unknown field', variants({ turbo: true }), depends('turbo')],
    ['a field of Object.prototype', variants({ constructor: 'x' }), depends('constructor')],
    [
      'one that fits, and another that may',
      variants({ resolution: '1080p' }, { turbo: true }),
      depends('turbo'),
    ],
    ['a value that is a list', variants({ resolution: ['1080p'] }), depends('resolution')],
    ['a field that is an object', variants({ image_size: 'square' }), depends('image_size')],
    ['no variants', { kind: 'variants', variants: [] }, 'the price names no variants'],
    ['variants that are no list', { kind: 'variants', variants: {} }, 'the price names no variants'],
    [
      'no conditions',
      { kind: 'variants', variants: [{ price: 1 }] },
      'a variant of the price does not say what it is for',
    ],
    [
      'a variant that is none',
      { kind: 'variants', variants: [5] },
      'a variant of the price does not say what it is for',
    ],
    [
      'another currency',
      { kind: 'variants', variants: [{ when: {}, price: 1, unit: 'second', per: 1, currency: 'EUR' }] },
      'the price is in "EUR", not in USD',
    ],
    [
      'an unknown unit',
      { kind: 'variants', variants: [{ when: {}, price: 1, unit: 'frame', per: 1 }] },
      /"frame"/,
    ],
  ])('cannot be told of %s', (_, pricing, reason) => {
    expect(quote(pricing, create)).toEqual({
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
  });
});

test.each([
  [0.39 * 5, 3_900_000],
  [0.0525 * 3, 315_000],
  [0.1 + 0.2, 600_000],
  [0.02359296, 47_186],
  [0, 0],
])('toCredits(%d) is whole, and rounded up only where there is a part of a credit', (price, credits) => {
  expect(toCredits(price)).toBe(credits);
  expect(toUsd(credits)).toBe(credits / 2_000_000);
});
