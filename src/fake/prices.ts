import { billedCreditsPerUsd } from './answers.js';

/**
 * The embedded API's price list, in the shapes of the API's catalogue. Prices of images and of videos of 10 s at 1080p are
 * those that the API's documentation shows in answers; all others are invented.
 */

interface Rate {
  price: number;
  unit: 'image' | 'megapixel' | 'second' | 'request';
}

interface Variant extends Rate {
  when: Readonly<Record<string, string | boolean>>;
}

interface Price {
  /** A single rate, rates by fields of the body, or none that could be told ahead. */
  rates: Rate | readonly Variant[] | 'variable';
  /** What the API takes for fields that the body leaves out. */
  defaults?: Readonly<Record<string, unknown>>;
  /** The length of a video where the body does not say it. */
  seconds?: number;
}

/** What an order is measured by. */
interface Measures {
  fields: Readonly<Record<string, unknown>>;
  images: number;
  pixels: number;
}

const shortSeconds = 5;
const longSeconds = 10;
const pixelsPerMegapixel = 1_000_000;
/** USD that a video of a model costs whose price cannot be told ahead. */
const variableUsd = 0.1;

function perImage(price: number): Price {
  return { rates: { unit: 'image', price } };
}

/** Prices by the second, for each resolution. The first one is the default. */
function perSecond(prices: Readonly<Record<string, number>>, seconds = longSeconds): Price {
  const rates = Object.entries(prices).map(
    ([resolution, price]): Variant => ({ when: { resolution }, price, unit: 'second' }),
  );
  return { rates, defaults: { resolution: Object.keys(prices)[0] }, seconds };
}

const flashPrices: readonly [resolution: string, sound: boolean, price: number][] = [
  ['720p', true, 0.01],
  ['720p', false, 0.0075],
  ['1080p', true, 0.0175],
  ['1080p', false, 0.0125],
];

const flash: Price = {
  rates: flashPrices.map(([resolution, generate_audio, price]) => ({
    when: { resolution, generate_audio },
    price,
    unit: 'second',
  })),
  defaults: { resolution: '720p', generate_audio: true },
  seconds: longSeconds,
};

const from22 = perSecond({ '1080p': 0.02, '480p': 0.01 }, shortSeconds);
const from25 = perSecond({ '1080p': 0.0525, '720p': 0.0315, '480p': 0.01575 });
const textTo26 = perSecond({ '1080p': 0.1575, '720p': 0.0945 });
const from27 = perSecond({ '1080p': 0.195, '720p': 0.117 });
const perRequest: Price = { rates: { unit: 'request', price: 0.1 } };
const perShortVideo: Price = { rates: { unit: 'second', price: 0.02 }, seconds: shortSeconds };
const unforeseen: Price = { rates: 'variable' };

const prices: Readonly<Record<string, Price>> = {
  'alibaba/wan2.2-t2i-plus': perImage(0.0525),
  'alibaba/wan2.2-t2i-flash': { rates: { unit: 'megapixel', price: 0.03125 } },
  'alibaba/wan2.5-t2i-preview': perImage(0.0315),
  'alibaba/wan-2-6-image': perImage(0.039),
  'alibaba/wan-2-7-image': perImage(0.039),
  'alibaba/wan-2-7-image-pro': perImage(0.0975),
  'wan/v2.1/1.3b/text-to-video': perRequest,
  'alibaba/wan2.1-t2v-turbo': perShortVideo,
  'alibaba/wan2.1-t2v-plus': perShortVideo,
  'alibaba/wan2.2-t2v-plus': from22,
  'alibaba/wan2.2-i2v-plus': from22,
  'alibaba/wan2.2-14b-animate-move': perRequest,
  'alibaba/wan2.2-14b-animate-replace': perRequest,
  'alibaba/wan2.2-vace-fun-a14b-depth': unforeseen,
  'alibaba/wan2.2-vace-fun-a14b-pose': unforeseen,
  'alibaba/wan2.2-vace-fun-a14b-inpainting': unforeseen,
  'alibaba/wan2.2-vace-fun-a14b-outpainting': unforeseen,
  'alibaba/wan2.2-vace-fun-a14b-reframe': unforeseen,
  'alibaba/wan2.5-t2v-preview': from25,
  'alibaba/wan2.5-i2v-preview': from25,
  'alibaba/wan-2-6-t2v': textTo26,
  'alibaba/wan-2-6-i2v': perSecond({ '1080p': 0.07875, '720p': 0.04725 }),
  'alibaba/wan-2-6-image-to-video-flash': flash,
  'alibaba/wan-2-6-r2v': textTo26,
  'alibaba/wan-2-7-t2v': from27,
  'alibaba/wan-2-7-i2v': from27,
  'alibaba/wan-2-7-r2v': from27,
};

/** A model's price as the catalogue shows it. */
export function pricingOf(model: string): object {
  const rates = prices[model]?.rates;
  if (rates === undefined || rates === 'variable') return { kind: 'variable' };
  if ('unit' in rates) {
    return {
      kind: 'fixed',
      currency: 'USD',
      units: [{ name: rates.unit, measure: 'output', price: rates.price, per: 1 }],
    };
  }
  return {
    kind: 'variants',
    dimensions: Object.keys(rates[0]?.when ?? {}),
    variants: rates.map(({ when, price, unit }) => ({ when, price, unit, per: 1 })),
  };
}

/** The credits that an order costs. */
export function creditsOf(model: string, { fields, images, pixels }: Measures): number {
  const { rates = 'variable', defaults = {}, seconds = 0 } = prices[model] ?? {};
  const chosen = (name: string) => String(fields[name] ?? defaults[name]).toLowerCase();
  const rate =
    rates === 'variable' || 'unit' in rates
      ? rates
      : rates.find(({ when }) =>
          Object.entries(when).every(([name, value]) => chosen(name) === String(value)),
        );
  if (rate === undefined || rate === 'variable') return variableUsd * billedCreditsPerUsd;
  const length = typeof fields.duration === 'number' ? fields.duration : seconds;
  const amount = {
    image: images,
    megapixel: (images * pixels) / pixelsPerMegapixel,
    second: length,
    request: 1,
  }[rate.unit];
  return Math.round(rate.price * amount * billedCreditsPerUsd);
}
