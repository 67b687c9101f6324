import { randomUUID } from 'node:crypto';
import { answerJson, answerProblem, billedCreditsPerUsd } from './answers.js';

/** Far more than a test spends. */
const defaultBalanceUsd = 1_000_000;
const prefixCharacters = 8;

/** The account that pays. Whole credits, because sums of USD would drift. */
export class Account {
  readonly #createdAt = new Date().toISOString();
  readonly #balanceCredits: number;
  #chargedCredits = 0;

  constructor(balanceUsd = defaultBalanceUsd) {
    this.#balanceCredits = Math.round(balanceUsd * billedCreditsPerUsd);
  }

  /** US dollars. */
  get charged(): number {
    return this.#chargedCredits / billedCreditsPerUsd;
  }

  canPay(credits: number): boolean {
    return this.#chargedCredits + credits <= this.#balanceCredits;
  }

  charge(credits: number): void {
    this.#chargedCredits += credits;
  }

  /** `GET /v2/billing` */
  answerBalance(): Response {
    const balance = (this.#balanceCredits - this.#chargedCredits) / billedCreditsPerUsd;
    return answerJson({ current_balance: balance, currency: 'USD' }, { 'x-request-id': randomUUID() });
  }

  /** `GET /v1/key` */
  answerKey(key: string): Response {
    const data = {
      name: 'embedded',
      disabled: false,
      prefix: key.slice(0, prefixCharacters),
      scopes: ['model:image', 'model:video'],
      created_at: this.#createdAt,
      updated_at: this.#createdAt,
      monthly_usage: this.charged,
    };
    return answerJson({ data }, { 'x-request-id': randomUUID() });
  }
}

export function answerOutOfCredits(url: URL): Response {
  const message =
    "You've run out of credits. Please top up your balance or update your payment method to continue";
  // the API's own spelling
  return answerProblem(url, 403, 'ForbiddenException', message, {
    data: { kind: 'err_insufficent_credits' },
  });
}
