/** Sums are kept in whole credits: sums of US dollars would drift. */

export const creditsPerUsd = 2_000_000;
/** Digits that a price times an amount is trusted in: floating point spoils those behind. */
const exactDigits = 12;

export function toUsd(credits: number): number {
  return credits / creditsPerUsd;
}

/** Rounded up, so that a limit is not passed by parts of credits. */
export function toCredits(usd: number): number {
  return Math.ceil(Number((usd * creditsPerUsd).toPrecision(exactDigits)));
}
