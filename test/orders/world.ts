import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';
import { createWan, mayHaveBeenPaid, type Wan } from '../../src/index.js';
import { createFakeApi, type FakeApi, type Fault } from '../../src/testing.js';
import type { FetchInit, FetchResponse } from '../../src/undici.js';
import { type Journal, type Tools, work } from './engine.js';

export interface Scene {
  name: string;
  /** Seconds until the log shows a row. */
  logDelaySeconds: number;
  faults: readonly Fault[];
}

/** What a run came to. */
export interface Ending {
  /** Points at which the run could have crashed. */
  points: number;
  paid: number;
  requests: number;
  end: 'saved' | 'nobody knows';
}

export const startMs = 1_800_000_000_000;
/** A request that is on its way when the process dies arrives so much later. */
const flightMs = 5_000;
const restartMs = 1_000;

export function check(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Error(what());
}

class Death extends Error {}

/** The API and the journal: what outlives a process. Points are counted over all its lives. */
export class World {
  readonly api: FakeApi;
  journal = '{}';
  points = 0;
  /** Requests that the API is answering. */
  busy = 0;
  /** Creates that are still on their way. */
  inFlight = 0;
  /** Points at which an order was being started. */
  readonly starting: number[] = [];
  broken: Error | undefined;

  /** `crashes`: the points at which a process dies. `twinAt`: where a second worker starts the same order. */
  constructor(
    { logDelaySeconds, faults }: Scene,
    readonly crashes: readonly number[],
    readonly twinAt = -1,
  ) {
    this.api = createFakeApi({ videoSeconds: 8, logDelaySeconds });
    for (const fault of faults) this.api.fault(fault);
  }

  /** Runs process after process, until one comes to its end. */
  async run(): Promise<Ending> {
    for (let lives = 1; ; lives += 1) {
      check(lives <= this.crashes.length + 1, () => 'it crashed more often than it should');
      const life = new Life(this);
      const end = await Promise.race([life.work(), life.death]);
      if (end !== 'dead') return this.#close(end);
      await new Promise((resolve) => setTimeout(resolve, restartMs));
    }
  }

  #close(end: Ending['end']): Ending {
    const { api, points } = this;
    const paid = api.generations;
    const { saved, job }: Journal = JSON.parse(this.journal);
    check(paid <= 1, () => `it was paid for ${paid} times`);
    check(this.inFlight === 0, () => 'a create is still on its way');
    check((end === 'saved') === (paid === 1), () => `paid for ${paid} times, but it ended as "${end}"`);
    check(end !== 'saved' || (saved ?? 0) > 0, () => 'nothing was saved');
    check(end !== 'saved' || job?.state === 'done', () => 'the job is not done');
    return { points, paid, requests: api.requests.length, end };
  }
}

/** One process: all that is in its memory is gone when it dies. */
class Life implements Tools {
  readonly wan: Wan;
  readonly death: Promise<'dead'>;
  readonly #world: World;
  readonly #end = new AbortController();

  constructor(world: World) {
    this.#world = world;
    this.death = new Promise((resolve) => {
      this.#end.signal.addEventListener('abort', () => resolve('dead'));
    });
    const fetch = (address: string, init: FetchInit) => this.#fetch(address, init);
    this.wan = withSignal(
      createWan({ apiKey: 'key-of-a-test', fetch: Object.assign(fetch, { resolvesElsewhere: () => true }) }),
      this.#end.signal,
    );
  }

  async work(): Promise<Ending['end']> {
    try {
      return await work(this);
    } catch (error) {
      // a dead process tells nobody; `death` has ended it
      if (this.#end.signal.aborted) return new Promise(() => {});
      throw error;
    }
  }

  /** A point at which the process may die. A dead one goes no further. */
  #point(onDeath = () => {}): void {
    const { signal } = this.#end;
    if (!signal.aborted) {
      if (this.#world.crashes.includes(this.#world.points)) {
        onDeath();
        this.#end.abort(new Death());
      }
      this.#world.points += 1;
    }
    signal.throwIfAborted();
  }

  async read(): Promise<Journal> {
    this.#point();
    return JSON.parse(this.#world.journal);
  }

  async write(journal: Journal): Promise<void> {
    this.#point();
    this.#world.journal = JSON.stringify(journal);
    this.#point();
  }

  async sleep(ms: number): Promise<void> {
    this.#point();
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#point();
  }

  step = async <T>(call: () => Promise<T>): Promise<T> => {
    this.#point();
    const value = await call();
    this.#point();
    return value;
  };

  onError(error: unknown, isUnpaid: boolean): void {
    const { api, inFlight } = this.#world;
    const isPaid = api.generations + inFlight > 0;
    check(
      !isUnpaid || !isPaid || this.#end.signal.aborted,
      () => `it was paid for, and ${error} says it was not`,
    );
    const isRefused = String(error).includes('in this process already');
    check(!isRefused, () => 'the call of a process that has died is still under way');
  }

  async #fetch(address: string, { method, headers, body = '' }: FetchInit): Promise<FetchResponse> {
    const world = this.#world;
    const request = { method, headers, ...(method === 'POST' && { body }) };
    this.#startTwin(address, method);
    // before the request leaves, while it is on its way, after the API took it, and after the answer came
    this.#point();
    this.#point(() => {
      if (method !== 'POST') return;
      world.inFlight += 1;
      setTimeout(() => {
        world.inFlight -= 1;
        world.api.fetch(address, request).catch(() => {});
      }, flightMs);
    });
    world.busy += 1;
    try {
      const answer = await world.api.fetch(address, request);
      const bytes = new Uint8Array(await answer.arrayBuffer().catch(() => new ArrayBuffer(0)));
      this.#point();
      const chunks = [bytes];
      const read = async () => {
        const value = chunks.pop();
        if (value) return { done: false, value };
        this.#point();
        return { done: true };
      };
      const reader = { read, cancel: async () => {}, releaseLock: () => {} };
      return {
        status: answer.status,
        headers: answer.headers,
        body: { getReader: () => reader, cancel: reader.cancel },
      };
    } finally {
      world.busy -= 1;
    }
  }

  /** A second worker of the same process gets the same order while the first one starts it. */
  #startTwin(address: string, method: string): void {
    const world = this.#world;
    const { order }: Journal = JSON.parse(world.journal);
    if (!order || (method !== 'POST' && !address.includes('/v2/logs'))) return;
    world.starting.push(world.points);
    if (world.points !== world.twinAt) return;
    let sent = 0;
    const other = createWan({
      apiKey: 'key-of-a-test',
      fetch: (url, init) => {
        sent += 1;
        return world.api.fetch(url, { method: init.method, headers: init.headers, body: init.body ?? '' });
      },
    });
    const refusal = other.startVideo(order).then(
      () => 'it was made',
      (error) => (mayHaveBeenPaid(error) && sent === 0 ? undefined : `sent ${sent}: ${error}`),
    );
    void refusal.then((wrong) => {
      if (wrong) world.broken ??= new Error(`a second worker was not refused: ${wrong}`);
    });
  }
}

/** The client whose every call ends with the process. */
function withSignal(wan: Wan, signal: AbortSignal): Wan {
  return {
    ...wan,
    startVideo: (order, options) => wan.startVideo(order, { ...options, signal }),
    checkVideo: (job, options) => wan.checkVideo(job, { ...options, signal }),
    download: (media, options) => wan.download(media, { ...options, signal }),
  };
}

/** Runs a world to its end on the fake clock, which moves on only when nothing else can happen. */
export async function endingOf(world: World): Promise<Ending> {
  vi.setSystemTime(startMs);
  vi.clearAllTimers();
  const come: { ending?: Ending; error?: unknown } = {};
  world.run().then(
    (ending) => Object.assign(come, { ending }),
    (error) => Object.assign(come, { error }),
  );
  for (let quiet = 0; !come.ending && !come.error; ) {
    await setImmediate();
    quiet = world.busy > 0 ? 0 : quiet + 1;
    // what is ready has happened after one round of the event loop; another one is for safety
    if (quiet < 2 || come.ending || come.error) continue;
    check(vi.getTimerCount() > 0, () => 'it hangs: nothing is under way, and no timer is left');
    vi.advanceTimersToNextTimer();
    quiet = 0;
  }
  if (world.broken) throw world.broken;
  if (!come.ending) throw come.error;
  return come.ending;
}
