import type { CostEstimate } from '../index.js';
import { showUsd } from './screen.js';
import type { Client, Session } from './session.js';

const askAboveUsd = 1;

/** What a create would cost; never an error, because a price is only told. */
export async function priceOf(client: Client, body: object, signal?: AbortSignal): Promise<CostEstimate> {
  const none = { usd: undefined, reason: 'Vtrix publishes no prices' };
  return client.estimateCost?.(body, { signal }) ?? none;
}

export function showPrice({ usd, basis, reason }: CostEstimate): string {
  return usd === undefined ? `no price: ${reason}` : `${showUsd(usd)}  (${basis})`;
}

/** Tells people the price before they pay, and asks above a limit. Nobody is asked off a terminal. */
export async function agree(
  session: Session,
  what: string,
  usd: number | undefined,
  told: string,
): Promise<void> {
  const { given, screen, signal } = session;
  screen.note(`${what}  ${screen.dim(told)}`);
  const limit = given.number('ask-above') ?? askAboveUsd;
  if (usd === undefined || usd <= limit || given.has('yes') || !screen.canAsk) return;
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // the end of the input closes it, and a question then open is never answered
  const closed = new AbortController();
  terminal.once('close', () => closed.abort());
  // it reads Ctrl-C as a key: hand that on as the signal that it is
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const answer = await terminal
    .question(`Spend ${showUsd(usd)}? y/N `, { signal: AbortSignal.any([signal, closed.signal]) })
    .catch(() => '');
  terminal.close();
  signal.throwIfAborted();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Declined();
}

/** The answer was no. */
export class Declined extends Error {
  override readonly name = 'Declined';
  constructor() {
    super('Nothing was made, and nothing was spent');
  }
}
