import { expiresAt } from '../base/expiry.js';
import { isArgumentError } from '../http/global-fetch.js';
import { longestRetryAfterMs } from '../http/retry.js';
import { backoffMs } from '../time/backoff.js';
import type { PartialFile } from './partial-file.js';
import { type Media, type MediaClient, Refusal, type Source } from './source.js';

/** Decides after each failed try whether there is another one, and by which link. */
export class Tries {
  address: Source['address'];
  /** Tries in a row that brought the file no further. */
  #fruitless = 0;
  #furthest = 0;
  /** New links since the file was last brought further. */
  #newLinks = 0;
  readonly #client: MediaClient;
  readonly #media: Media;
  readonly #isOfCaller: boolean;

  constructor(client: MediaClient, media: Media, { address, isOfCaller }: Source) {
    this.address = address;
    this.#client = client;
    this.#media = media;
    this.#isOfCaller = isOfCaller;
  }

  /**
   * Gives the milliseconds to wait before the next try.
   *
   * @throws {DownloadError} when there is none
   */
  async afterFailure(error: unknown, file: PartialFile, signal: AbortSignal | undefined): Promise<number> {
    if (isArgumentError(this.#client.fetch, error, file.url?.href ?? '')) throw file.toError(error);
    const refusal = error instanceof Refusal ? error : undefined;
    this.#fruitless += 1;
    // what was refused has brought the file no further
    if (!refusal && file.bytes > this.#furthest) {
      this.#furthest = file.bytes;
      this.#fruitless = 0;
      this.#newLinks = 0;
    }
    const backoff = Math.max(refusal?.waitMs ?? 0, backoffMs(this.#fruitless + 1));
    const isExpired = Date.parse(expiresAt(file.url ?? '') ?? '') <= Date.now();
    if (refusal && this.#wantsNewLink(refusal)) {
      const fresh = await this.#client.refreshLink?.(this.#media, signal).catch((cause) => {
        signal?.throwIfAborted();
        throw file.toError(error, cause);
      });
      if (fresh !== undefined) {
        this.address = fresh;
        this.#newLinks += 1;
        return this.#newLinks === 1 && (refusal.kind === 'gone' || isExpired) ? 0 : backoff;
      }
    }
    if (this.#fruitless > this.#client.maxRetries) throw file.toError(error);
    if (refusal && !this.#mayPass(refusal, isExpired)) throw file.toError(error);
    return backoff;
  }

  #wantsNewLink({ kind }: Refusal): boolean {
    if (this.#isOfCaller) return false;
    const hasTries = this.#fruitless <= this.#client.maxRetries;
    // one new link is for free: the old one may have expired long ago
    if (kind === 'gone') return this.#newLinks === 0;
    if (kind === 'early') return this.#newLinks === 0 || hasTries;
    return kind === 'no media' && hasTries;
  }

  /** Whether the same link may lead to the file later. */
  #mayPass({ kind, waitMs }: Refusal, isExpired: boolean): boolean {
    // a store says 403 or 404 of a new file until it has it
    if (kind === 'early') return !this.#isOfCaller && !isExpired;
    return (kind === 'passing' || kind === 'no media') && waitMs <= longestRetryAfterMs;
  }
}
