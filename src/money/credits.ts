/** Sums are kept in whole credits: sums of US dollars would drift. */

export const creditsPerUsd = 2_000_000;
/** Digits that a price times an amount is trusted in: floating point spoils those behind. */
const exactDigits = 12;

export function toUsd(credits: number): number {
  return credits / creditsPerUsd;
}

/** What a create costs. Rounded up, so that a limit is not passed by parts of credits. */
export function toCredits(usd: number): number {
  return Math.ceil(inCredits(usd));
}

/** What a limit allows: rounded down, for the same reason. */
export function toWholeCredits(usd: number): number {
  return Math.floor(inCredits(usd));
}

function inCredits(usd: number): number {
  return Number((usd * creditsPerUsd).toPrecision(exactDigits));
}
