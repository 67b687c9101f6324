import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Fetch, FetchInit, FetchReader, FetchResponse } from '../../src/undici.js';
import { type Transport, toThrown, type WireFaultName, wireFaults } from './wire-faults.js';

/** What comes back for one request. */
export type Came =
  | {
      status: number;
      headers?: Record<string, string>;
      body?: string;
      /** How the body ends. @defaultValue whole */
      end?: 'stall' | WireFaultName;
    }
  | { thrown: WireFaultName }
  /** No answer until the signal aborts. `deaf`: not then either, but an answer long after. */
  | 'stall'
  | 'deaf';

/** A request as it left. */
export interface Sent {
  url: URL;
  init: FetchInit;
  atMs: number;
}

const apiOrigin = 'https://api.aimlapi.com';
export const key = 'sk-never-to-be-seen-0123456789';

/** Fails a sequence. `expect` would take longer than all the rest of it. */
export function check(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Error(what());
}

/** One run's fetch, without sockets: it throws and answers as the transport would. */
export class MemoryFetch {
  readonly sent: Sent[] = [];
  /** Calls whose answer is being made. */
  busy = 0;
  /** The first request that should not have left. */
  broken: { error: unknown } | undefined;
  readonly #bodies: MemoryBody[] = [];
  readonly #late: ((response: FetchResponse) => void)[] = [];

  constructor(
    readonly transport: Transport,
    readonly respond: (sent: Sent, count: number) => Came | Promise<Came>,
  ) {}

  async fetch(address: string, init: FetchInit): Promise<FetchResponse> {
    const { signal } = init;
    const came = await this.#receive({ url: new URL(address), init, atMs: Date.now() });
    if (came === 'deaf') return new Promise((resolve) => this.#late.push(resolve));
    if (came === 'stall') return rejectAtAbort(signal);
    if (signal.aborted) throw signal.reason;
    if ('thrown' in came) throw toThrown(this.transport, wireFaults[came.thrown]);
    const { status, headers = {}, body, end } = came;
    return { status, headers: { get: (name) => headers[name] ?? null }, body: this.#open(body, end, signal) };
  }

  async #receive(sent: Sent): Promise<Came> {
    const { url, init } = sent;
    this.sent.push(sent);
    this.busy += 1;
    try {
      check(url.origin === apiOrigin, () => `a request went to ${url.origin}`);
      check(init.headers.authorization === `Bearer ${key}`, () => 'a request has no key');
      check(!url.href.includes(key), () => 'the key is in an address');
      check(init.redirect === 'manual', () => 'redirects are followed');
      return await this.respond(sent, this.sent.length);
    } catch (error) {
      // the client would take it for a fault
      this.broken ??= { error };
      throw error;
    } finally {
      this.busy -= 1;
    }
  }

  #open(body: string | undefined, end: MemoryBody['end'], signal: AbortSignal): MemoryBody | null {
    if (body === undefined && !end) return null;
    const opened = new MemoryBody(this.transport, body ?? '', end, signal);
    this.#bodies.push(opened);
    return opened;
  }

  /** Answers what was never answered, and checks that nobody left an answer open: its connection would never be free. */
  async close(): Promise<void> {
    if (this.#late.length > 0) {
      for (const resolve of this.#late) {
        const body = new MemoryBody(this.transport, '{}', undefined, new AbortController().signal);
        this.#bodies.push(body);
        resolve({ status: 200, headers: { get: () => null }, body });
      }
      await setImmediate();
    }
    check(
      this.#bodies.every(({ isOver }) => isOver),
      () => 'the body of an answer was left open',
    );
  }
}

class MemoryBody {
  isOver = false;
  #isRead = false;

  constructor(
    readonly transport: Transport,
    readonly content: string,
    readonly end: 'stall' | WireFaultName | undefined,
    readonly signal: AbortSignal,
  ) {}

  getReader(): FetchReader {
    return { read: () => this.#read(), cancel: () => this.cancel(), releaseLock: () => {} };
  }

  async cancel(): Promise<void> {
    this.isOver = true;
  }

  async #read(): Promise<{ done: boolean; value?: Uint8Array }> {
    if (!this.#isRead && this.content) {
      this.#isRead = true;
      return { done: false, value: new TextEncoder().encode(this.content) };
    }
    if (this.end === 'stall') return rejectAtAbort(this.signal);
    this.isOver = true;
    if (this.end) throw toThrown(this.transport, wireFaults[this.end]);
    return { done: true };
  }
}

function rejectAtAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Whether only the end of an attempt's time can end it. */
export function stalls(came: Came | undefined): boolean {
  if (typeof came !== 'object') return came === 'stall' || came === 'deaf';
  return 'end' in came && came.end === 'stall';
}

/** A caller who may have enough. */
export class Caller {
  readonly reason = new Error('the caller has enough');
  readonly #controller = new AbortController();
  /** When the caller aborts or has aborted. */
  abortAtMs: number | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abortAfter(ms: number): void {
    this.abortAtMs = Date.now() + ms;
    const abort = () => this.#controller.abort(this.reason);
    if (ms > 0) setTimeout(abort, ms);
    else abort();
  }

  /** The call ended when the caller aborted, and with the caller's reason. */
  checkEnding({ error, atMs }: Ending<unknown>): void {
    check(error === this.reason, () => `it gave ${error} instead of the caller's reason`);
    check(atMs === this.abortAtMs, () => 'the abort came late');
  }

  /** Neither a timer nor a listener is left behind. */
  checkNothingLeft(): void {
    check(vi.getTimerCount() === 0, () => `${vi.getTimerCount()} timers are left`);
    const { length } = getEventListeners(this.signal, 'abort');
    check(length === 0, () => `${length} listeners are left on the signal`);
  }
}

let current: MemoryFetch | undefined;

/** The fetch of the run that is under way. */
export const memoryFetch: Fetch = (address, init) => {
  check(current !== undefined, () => 'a request left after its run');
  return current.fetch(address, init);
};

export interface Ending<T> {
  value?: T;
  error?: unknown;
  /** When it came. */
  atMs: number;
}

/** Runs a call to its end on the fake clock, which moves on only when nothing else can happen. */
export async function endingOf<T>(memory: MemoryFetch, call: () => Promise<T>): Promise<Ending<T>> {
  current = memory;
  const come: { ending?: Ending<T> } = {};
  call().then(
    (value) => (come.ending = { value, atMs: Date.now() }),
    (error) => (come.ending = { error, atMs: Date.now() }),
  );
  for (let quiet = 0; !come.ending; ) {
    await setImmediate();
    quiet = memory.busy > 0 ? 0 : quiet + 1;
    // what is ready has happened after one round of the event loop; another one is for safety
    if (memory.broken) throw memory.broken.error;
    if (quiet < 2 || come.ending) continue;
    check(vi.getTimerCount() > 0, () => 'it hangs: nothing is under way, and no timer is left');
    vi.advanceTimersToNextTimer();
    quiet = 0;
  }
  current = undefined;
  if (memory.broken) throw memory.broken.error;
  await memory.close();
  return come.ending;
}
