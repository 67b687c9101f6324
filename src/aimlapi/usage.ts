import type { FetchHeaders } from '../base/fetch.js';
import { number } from '../base/json.js';
import { record } from '../base/record.js';
import type { Usage } from '../base/results.js';
import { creditsPerUsd, toUsd } from '../money/credits.js';

/** For messages. The source is the API's page on its usage logs. */
export const costOfFailure =
  "By the API's documentation (usage logs) a failed request is billed nothing, and what was held for it is given back";

/** The cost by the body of an answer, else by its headers. */
export function toUsage(body: unknown, headers?: FetchHeaders): Usage | undefined {
  const { credits_used, tokens_used, usd_spent } = record(record(record(body).meta).usage);
  const header = (name: string) => number(headers?.get(`x-aimlapi-${name}`));
  return usageOf(
    number(credits_used) ?? number(tokens_used) ?? header('credits-used'),
    number(usd_spent) ?? header('usd-spent'),
  );
}

/** Computes the one figure from the other where only one is known. */
export function usageOf(credits: number | undefined, usd: number | undefined): Usage | undefined {
  if (credits === undefined && usd === undefined) return undefined;
  return {
    creditsUsed: credits ?? Math.round((usd ?? 0) * creditsPerUsd),
    usdSpent: usd ?? toUsd(credits ?? 0),
  };
}
