import { checkCallOptions } from '../base/call-options.js';
import { number } from '../base/json.js';
import type { OptionNames } from '../base/option-names.js';
import { compact, isRecord, record } from '../base/record.js';
import { printable } from '../base/redact.js';
import { isSuccess } from '../http/answer.js';
import type { Config } from '../http/config.js';
import { UnusableAnswer } from '../http/failure.js';
import { send } from '../http/send.js';
import { type Checked, orUnreadable } from '../input/check.js';
import { toInvalidInputError } from '../input/explain.js';
import type { CataloguePage, ReadCatalogue } from '../money/catalogue.js';
import { type CostEstimate, createPrices, toEstimate } from '../money/prices.js';
import type { PricedCreate, Quote } from '../money/quote.js';
import { findKnownModel, type KnownModel, knownModels } from './models/find-model.js';
import type { ImageInput, ImageModel, VideoInput, VideoModel } from './models/inputs.js';

/** What a price depends on: the model, and the fields that are to be sent. What is left out counts by its default. */
export type PricedInput =
  | ImageInput
  | VideoInput
  | { model: ImageModel | VideoModel | (string & {}); [field: string]: unknown };

export interface EstimateOptions {
  /** Ends the call at once; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Prices the body of a create, which may be of a model that is not known here. */
export type QuoteCreate = (create: { model: string; body: object }, signal?: AbortSignal) => Promise<Quote>;

const optionNames: OptionNames<EstimateOptions> = { signal: true };
const doing = 'estimate the cost';
/** A call that gets no price in this time gives the reason in its place. */
const timeoutMs = 10_000;
const mostRetries = 2;
const pixelsPerMegapixel = 1_000_000;
const makesImages = 'the model makes images';

/** All calls of a client share one catalogue. */
export function createQuotes(config: Config): QuoteCreate {
  const quotePriced = createPrices(readCatalogue(config));
  return async ({ model: name, body }, signal) => {
    const model = findKnownModel(name);
    // the models known here are asked for together: one request then serves all of them
    const ids = model ? knownModels().flatMap(({ names }) => names.filter(isLong)) : [name];
    return quotePriced(toPricedCreate(name, model, record(body)), ids, signal);
  };
}

export async function estimateCost(
  quoteCreate: QuoteCreate,
  input: PricedInput,
  options?: EstimateOptions,
): Promise<CostEstimate> {
  checkCallOptions(doing, options, optionNames);
  const result = orUnreadable(input, () => readInput(input));
  if ('issues' in result) throw toInvalidInputError(doing, undefined, result.issues);
  return toEstimate(await quoteCreate(result.value, options?.signal));
}

/** The catalogue knows long names alone. */
function isLong(name: string): boolean {
  return name.includes('/');
}

function readInput(input: unknown): Checked<{ model: string; body: object }> {
  if (!isRecord(input)) return { issues: [{ path: '', message: 'takes an object such as { model }' }] };
  const { model, ...body } = input;
  if (typeof model === 'string' && /^[\w.:/-]{1,200}$/.test(model)) {
    return { value: { model: findKnownModel(model)?.id ?? model, body } };
  }
  const received = model === undefined ? {} : { received: printable(model) };
  return { issues: [{ path: 'model', message: 'takes the id of a model', ...received }] };
}

function readCatalogue(config: Config): ReadCatalogue {
  return (ids, etag, signal) =>
    send<{ page?: CataloguePage }>(
      config,
      {
        method: 'GET',
        path: '/v1/models',
        query: `?id=${ids.map(encodeURIComponent).join(',')}&include=pricing`,
        doing: 'read the catalogue',
        isPublic: true,
        takesNotModified: etag !== undefined,
        read({ status, body, headers }) {
          if (!isSuccess(status)) return {};
          if (body === undefined) return undefined;
          const { data: entries } = record(body);
          if (!Array.isArray(entries)) throw new UnusableAnswer('there is no list of models in it');
          return { page: { entries, etag: /^[\x21-\x7e]{1,200}$/.exec(headers.get('etag') ?? '')?.[0] } };
        },
      },
      {
        signal,
        // Node loads all of its fetch to check headers, which the first look does not have
        headers: etag === undefined ? undefined : { 'if-none-match': etag },
        timeoutMs: Math.min(config.timeoutMs ?? timeoutMs, timeoutMs),
        maxRetries: Math.min(config.maxRetries, mostRetries),
      },
    ).then(({ page }) => page);
}

/** The body as a create to price: with the API's defaults, and counted in each unit. */
function toPricedCreate(
  name: string,
  model: KnownModel | undefined,
  body: Record<string, unknown>,
): PricedCreate {
  const limits = Object.entries(model?.limits().properties ?? {});
  // null says no more than a field that is left out
  const fields: Record<string, unknown> = compact({
    ...compact({ duration: model?.seconds }),
    ...Object.fromEntries(limits.map(([field, limit]): [string, unknown] => [field, limit.default])),
    ...compact(body),
  });
  const images = countImages(model, fields);
  const isOfImages = model?.kind === 'image';
  return {
    // the name that goes out counts most: the catalogue may have another entry for another name
    names: [...new Set([name, ...(model?.names ?? [])])],
    fields,
    amounts: {
      image: images,
      megapixel: typeof images === 'string' ? images : countMegapixels(fields.image_size, images),
      second: isOfImages ? makesImages : (number(fields.duration) ?? 'how long its videos are is not known'),
      video: isOfImages ? makesImages : 1,
      request: 1,
    },
  };
}

function countImages(
  model: KnownModel | undefined,
  { num_images }: Record<string, unknown>,
): number | string {
  if (model?.kind === 'video') return 'the model makes videos';
  const isAlwaysOne = model && !Object.hasOwn(model.limits().properties ?? {}, 'num_images');
  return number(num_images) ?? (isAlwaysOne ? 1 : 'how many it makes is not known: name num_images');
}

function countMegapixels(size: unknown, images: number): number | string {
  const { width, height } = record(size);
  const pixels = (number(width) ?? Number.NaN) * (number(height) ?? Number.NaN);
  if (pixels > 0) return (pixels * images) / pixelsPerMegapixel;
  return `the pixels of ${JSON.stringify(printable(size ?? null))} are not documented: name width and height`;
}
