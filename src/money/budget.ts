import type { AroundCreate, Create } from '../base/around-create.js';
import { isPerhapsPaid } from '../base/create-payment.js';
import { BudgetExceededError } from '../base/errors.js';
import { number, text } from '../base/json.js';
import { record } from '../base/record.js';
import type { JobState, Usage } from '../base/results.js';
import { toCredits, toUsd, toWholeCredits } from './credits.js';
import type { Quote } from './quote.js';

/** What creates came to, in US dollars. */
export interface Sums {
  /** What was spent, as the API told it. */
  usd: number;
  /**
   * What is not settled: the prices of creates that are under way, and of those that may have been paid for while nothing
   * told their cost. Nothing is reserved where the client has no `maxUsd`.
   */
  reservedUsd: number;
  /** How many creates were paid for, or may have been. Those that the API refused or failed do not count. */
  creates: number;
}

/** What the creates of one client came to since it was made. */
export interface Spending extends Sums {
  /** The same by the model's id on the wire. */
  byModel: Record<string, Sums>;
}

export interface BudgetOptions {
  /** US dollars. Without it nothing is refused and no price is asked for. */
  maxUsd: number | undefined;
  allowUnpriced: boolean | undefined;
  quote(create: Create): Promise<Quote>;
}

/** What became known of a create after it was sent. */
export interface Told {
  /** The job's id, or that of a row of the request log. */
  readonly id?: string | undefined;
  readonly clientRequestId?: string | undefined;
  readonly state: JobState;
  readonly usage?: Pick<Usage, 'usdSpent'> | undefined;
}

/** Whole credits. */
interface Ledger {
  spent: number;
  reserved: number;
  creates: number;
}

interface ModelLedger extends Ledger {
  /** The most that one create has cost. */
  dearest?: number;
}

/** A create that was let through. */
interface Entry {
  readonly ledger: ModelLedger;
  spent: number;
  reserved: number;
}

/** Creates whose cost may still change. The oldest ones stay as they are, so that they do not fill the memory. */
const mostOpen = 10_000;

/** Counts what the creates of a client cost, and refuses those that could take it above its limit. */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #maxCredits: number;
  readonly #total: Ledger = { spent: 0, reserved: 0, creates: 0 };
  readonly #byModel = new Map<string, ModelLedger>();
  /** Creates that are not settled, by the ids of their jobs. */
  readonly #jobs = new Map<string, Entry>();
  /** Creates whose answer was lost, or told no cost, by their client request ids. */
  readonly #unknown = new Map<string, Entry>();

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#maxCredits = toWholeCredits(options.maxUsd ?? Infinity);
  }

  /** Runs right around the attempts of a create. */
  readonly around: AroundCreate = async (create, send) => {
    const quoted = this.#options.maxUsd === undefined ? undefined : await this.#options.quote(create);
    // no await until the credits are reserved: two creates must not both take the last ones
    const ledger = this.#byModel.get(create.model) ?? { spent: 0, reserved: 0, creates: 0 };
    const reserved = quoted ? this.#priceOf(create, ledger, quoted) : 0;
    const entry: Entry = { ledger, spent: 0, reserved: 0 };
    this.#byModel.set(create.model, ledger);
    this.#count(entry, 1);
    this.#move(entry, { reserved });
    try {
      const made = await send();
      this.#takeIn(create, entry, made);
      return made;
    } catch (error) {
      if (isPerhapsPaid(create)) keep(this.#unknown, create.clientRequestId, entry);
      else this.#free(entry);
      throw error;
    }
  };

  /** Takes in what a status check or the request log tells. What this client did not create is left alone. */
  see({ id = '', clientRequestId = '', state, usage }: Told): void {
    const entry = this.#jobs.get(id) ?? this.#adopt(id, clientRequestId, state);
    if (!entry || (state === 'running' && entry.reserved === 0)) return;
    const isPaid = usage !== undefined && usage.usdSpent > 0;
    if (isPaid) this.#spend(entry, usage);
    else if (state === 'failed') this.#free(entry);
    if (state === 'failed' || (state === 'done' && entry.reserved === 0)) this.#jobs.delete(id);
  }

  spending(): Spending {
    const paid = [...this.#byModel].filter(([, { creates }]) => creates > 0);
    const byModel = Object.fromEntries(paid.map(([model, ledger]) => [model, toSums(ledger)]));
    return { ...toSums(this.#total), byModel };
  }

  /** The credits that a create reserves; throws where they are not left. */
  #priceOf(create: Create, { dearest }: ModelLedger, quoted: Quote): number {
    const { maxUsd = Infinity, allowUnpriced } = this.#options;
    const { spent, reserved } = this.#total;
    const price = 'credits' in quoted ? quoted.credits : dearest;
    const left = this.#maxCredits - spent - reserved;
    if (price === undefined ? allowUnpriced && left > 0 : price <= left) return price ?? 0;
    const { kind, model } = create;
    const neededUsd = price === undefined ? undefined : toUsd(price);
    const facts = { maxUsd, spentUsd: toUsd(spent), reservedUsd: toUsd(reserved), neededUsd };
    const doing = kind === 'image' ? 'make the image' : 'start the video';
    const message = `Cannot ${doing} with ${model}: ${explain(quoted, facts, allowUnpriced)}`;
    throw new BudgetExceededError(message, { model, ...facts });
  }

  #takeIn(create: Create, entry: Entry, made: unknown): void {
    const { id, state, usage } = record(made);
    const usdSpent = number(record(usage).usdSpent);
    const isImage = create.kind === 'image';
    // a video may be told to cost nothing yet
    if (usdSpent !== undefined && (isImage || usdSpent > 0)) this.#spend(entry, { usdSpent });
    const jobId = text(id);
    if (!isImage && jobId !== undefined) {
      if (state === 'failed') this.#free(entry);
      else keep(this.#jobs, jobId, entry);
    } else if (usdSpent === undefined) keep(this.#unknown, create.clientRequestId, entry);
  }

  /** The create whose answer was lost, now that its job is known. */
  #adopt(id: string, clientRequestId: string, state: JobState): Entry | undefined {
    // a failed job proves nothing: another attempt with the same client request id may have been paid for
    const entry = state === 'failed' ? undefined : this.#unknown.get(clientRequestId);
    if (!entry) return undefined;
    this.#unknown.delete(clientRequestId);
    if (id) keep(this.#jobs, id, entry);
    return entry;
  }

  /** Puts the real cost in the place of the reserved one. */
  #spend(entry: Entry, { usdSpent }: Pick<Usage, 'usdSpent'>): void {
    const spent = Math.min(Math.max(toCredits(usdSpent), 0), Number.MAX_SAFE_INTEGER);
    entry.ledger.dearest = Math.max(entry.ledger.dearest ?? 0, spent);
    this.#move(entry, { spent });
  }

  #free(entry: Entry): void {
    this.#move(entry, {});
    this.#count(entry, -1);
  }

  #move(entry: Entry, { spent = 0, reserved = 0 }): void {
    for (const ledger of [this.#total, entry.ledger]) {
      ledger.spent += spent - entry.spent;
      ledger.reserved += reserved - entry.reserved;
    }
    Object.assign(entry, { spent, reserved });
  }

  #count({ ledger }: Entry, creates: 1 | -1): void {
    this.#total.creates += creates;
    ledger.creates += creates;
  }
}

function keep(entries: Map<string, Entry>, key: string, entry: Entry): void {
  entries.set(key, entry);
  if (entries.size <= mostOpen) return;
  for (const oldest of entries.keys()) {
    entries.delete(oldest);
    return;
  }
}

function toSums({ spent, reserved, creates }: Ledger): Sums {
  return { usd: toUsd(spent), reservedUsd: toUsd(reserved), creates };
}

interface Facts {
  maxUsd: number;
  spentUsd: number;
  reservedUsd: number;
  neededUsd: number | undefined;
}

function explain(
  quoted: Quote,
  { maxUsd, spentUsd, reservedUsd, neededUsd }: Facts,
  allowUnpriced: boolean | undefined,
): string {
  const of = `maxUsd is $${maxUsd}, and of that $${spentUsd} is spent and $${reservedUsd} reserved`;
  if ('basis' in quoted) return `it costs $${neededUsd} (${quoted.basis}), ${of}. Nothing was sent`;
  const most = neededUsd === undefined ? '' : `, and the most that one has cost is $${neededUsd}`;
  const hint =
    most || allowUnpriced ? '' : '. allowUnpriced: true lets such creates through until maxUsd is spent';
  return `it has no price (${quoted.reason})${most}, ${of}. Nothing was sent${hint}`;
}
