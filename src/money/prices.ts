import { WanError } from '../base/errors.js';
import { record } from '../base/record.js';
import { messageOf } from '../base/thrown.js';
import { Catalogue, findEntry, type ReadCatalogue } from './catalogue.js';
import { toUsd } from './credits.js';
import { type PricedCreate, type Quote, quote } from './quote.js';

/** What a create costs by the catalogue, or why that cannot be told ahead. */
export type CostEstimate =
  | {
      /** US dollars. */
      usd: number;
      /** How the price came about, in words: `$0.65 per second x 5 seconds (resolution 1080p)`. */
      basis: string;
      reason?: undefined;
    }
  | {
      usd: undefined;
      basis?: undefined;
      /** Why there is no price, in words. */
      reason: string;
    };

/** Prices creates by a live catalogue. `ids` are the models that are asked for together. */
export type QuotePriced = (
  create: PricedCreate,
  ids: readonly string[],
  signal?: AbortSignal,
) => Promise<Quote>;

/** Makes the pricing of a client's creates. An abort ends one call, and not those that wait for the same request. */
export function createPrices(read: ReadCatalogue): QuotePriced {
  const catalogue = new Catalogue(read);
  return async (create, ids, signal) => {
    signal?.throwIfAborted();
    try {
      const entry = findEntry(await catalogue.entriesOf(ids, signal), create.names);
      if (entry === undefined) return { reason: `the catalogue has no model "${create.names[0]}"` };
      return quote(record(entry).pricing, create);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof WanError)) throw error;
      return { reason: `the catalogue cannot be read (${messageOf(error)})` };
    }
  };
}

export function toEstimate(quoted: Quote): CostEstimate {
  if ('reason' in quoted) return { usd: undefined, reason: quoted.reason };
  return { usd: toUsd(quoted.credits), basis: quoted.basis };
}
