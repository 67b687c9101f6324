import { Client } from 'undici';
import type { Connection, Ending } from '../time/deadline.js';
import { longestTimerMs } from '../time/sleep.js';
import type { Connect } from './undici-connect.js';
import type { HttpProxy } from './undici-proxy.js';

export interface LaneOptions {
  readonly origin: string;
  readonly proxy: HttpProxy | undefined;
  readonly connect: Connect;
  /** `0`: each connection serves one request. */
  readonly keepAliveMs: number;
}

/** At most one connection at a time, for one request at a time. */
export interface Lane extends Connection {
  readonly client: Client;
  isEnded: boolean;
  /** Called when its request is over on the wire; what is left of the answer is in memory then. */
  onFree: () => void;
  giveUpConnecting: () => void;
}

/** The connections to one origin. A request that finds none free waits in line. */
export class Lanes {
  readonly #idle: Lane[] = [];
  readonly #waiting = new Set<(lane: Lane) => void>();
  #open = 0;
  #isClosing = false;

  constructor(
    readonly connections: number,
    readonly options: LaneOptions,
    readonly exchange: (
      lanes: Lanes,
      lane: Lane,
      ...request: Parameters<Lane['send']>
    ) => ReturnType<Lane['send']>,
    /** Called when no connection is left, and nobody waits for one. */
    readonly onEmpty: () => void,
  ) {}

  /** A lane, where one is free. */
  take(): Lane | undefined {
    return this.#idle.pop() ?? (this.#open < this.connections ? this.#add() : undefined);
  }

  /** A lane, when it is this one's turn. */
  wait(ending: Ending): Promise<Lane> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(resolve);
      ending.onOver(() => {
        this.#waiting.delete(resolve);
        reject(ending.over?.reason);
      });
    });
  }

  /** Takes back a lane on which no request is under way. */
  give(lane: Lane): void {
    if (lane.isEnded) return;
    const [next] = this.#waiting;
    if (this.options.keepAliveMs === 0 || (this.#isClosing && !next)) return void this.end(lane);
    if (!next) return void this.#idle.push(lane);
    this.#waiting.delete(next);
    next(lane);
  }

  /** Ends a lane and the request on it; its place is taken only when its connection is gone. */
  async end(lane: Lane): Promise<void> {
    if (lane.isEnded) return;
    lane.isEnded = true;
    const index = this.#idle.indexOf(lane);
    if (index >= 0) this.#idle.splice(index, 1);
    lane.giveUpConnecting();
    await lane.client.destroy();
    this.#open -= 1;
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      next(this.#add());
    } else if (this.#open === 0) this.onEmpty();
  }

  /** Ends what is idle now, and the rest when it is free and nobody waits for it. */
  close(): void {
    this.#isClosing = true;
    for (const lane of [...this.#idle]) void this.end(lane);
  }

  #add(): Lane {
    this.#open += 1;
    const { origin, proxy, connect, keepAliveMs } = this.options;
    const keptMs = Math.min(Math.max(keepAliveMs, 1), longestTimerMs);
    const lane: Lane = {
      client: new Client(origin, {
        connect: (target, onConnected) => {
          lane.giveUpConnecting = connect(proxy, target, onConnected);
        },
        pipelining: keepAliveMs === 0 ? 0 : 1,
        keepAliveTimeout: keptMs,
        keepAliveMaxTimeout: keptMs,
        // the caller's signal sets the limit
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
      send: (...request) => this.exchange(this, lane, ...request),
      isEnded: false,
      onFree: () => {},
      giveUpConnecting: () => {},
    };
    lane.client.on('drain', () => lane.onFree());
    // one that went idle and was then closed makes room for another host's
    lane.client.on('disconnect', () => {
      if (this.#idle.includes(lane)) void this.end(lane);
    });
    return lane;
  }
}
