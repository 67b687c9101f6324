import type { RequestOptions } from '../base/options.js';
import type { Config as Transport } from '../http/config.js';
import { dayMs, longestWindowMs } from './log.js';
import { type LoggedRequest, LogPages, type LogWindow } from './log-pages.js';

const minuteMs = 60_000;
/** This machine's clock and the API's may differ by this much. */
const skewMs = 10 * minuteMs;
/** A create may be tried again for this long after its first attempt. */
const triesMs = 120 * minuteMs;
/** A smaller difference of the clocks is well within `skewMs`. */
const leastAheadMs = 5 * minuteMs;
// with a clock that is further off, this machine takes no TLS certificate: they are valid for 398 days at most
const mostAheadMs = 400 * dayMs;

/** One look at all of the log where the row of a create may be. */
export class Look {
  /** Whether everything was read. */
  isOver = false;
  readonly #transport: Transport;
  readonly #window: LogWindow;
  readonly #hasDeadline: boolean;
  #pages: LogPages;
  #isElsewhere = false;

  constructor(transport: Transport, startedAtMs: number, hasDeadline: boolean) {
    this.#transport = transport;
    this.#window = windowOf(startedAtMs, Date.now());
    this.#hasDeadline = hasDeadline;
    this.#pages = new LogPages(transport, this.#window, hasDeadline);
  }

  /** Milliseconds to wait before the next page. */
  get pauseMs(): number {
    return this.#pages.pauseMs;
  }

  /** Reads a page. After an error, the next call asks for the same page again. */
  async readPage(options: RequestOptions): Promise<LoggedRequest[]> {
    const rows = await this.#pages.read(options);
    if (this.#pages.isOver) this.#goOn(this.#pages.aheadMs);
    return rows;
  }

  /** Goes on to where the API's clock puts the create, because this machine's clock may be wrong. */
  #goOn(aheadMs: number): void {
    const rest = this.#isElsewhere ? undefined : movedRest(this.#window, aheadMs);
    this.isOver = rest === undefined;
    this.#isElsewhere = true;
    if (rest) this.#pages = new LogPages(this.#transport, rest, this.#hasDeadline);
  }
}

/** Where the create's row is, if this machine's clock is right. */
function windowOf(startedAtMs: number, nowMs: number): LogWindow {
  // the clock was set back since then, so that nobody knows how long ago the create was
  const wasSetBack = startedAtMs > nowMs + skewMs;
  const startMs = wasSetBack ? nowMs - dayMs : Math.min(startedAtMs, nowMs) - skewMs;
  const endMs = Math.min(Math.max(startedAtMs, nowMs) + skewMs, startedAtMs + triesMs);
  return { startMs, endMs: Math.min(endMs, startMs + longestWindowMs) };
}

/** The part of the window, moved by the clocks' difference, that is outside of the window. */
function movedRest({ startMs, endMs }: LogWindow, aheadMs: number): LogWindow | undefined {
  if (Math.abs(aheadMs) < leastAheadMs || Math.abs(aheadMs) > mostAheadMs) return undefined;
  return aheadMs > 0
    ? { startMs: Math.max(startMs + aheadMs, endMs), endMs: endMs + aheadMs }
    : { startMs: startMs + aheadMs, endMs: Math.min(endMs + aheadMs, startMs) };
}
