import { Client } from 'undici';
import type { FetchInit, FetchResponse } from '../base/fetch.js';
import { Line } from '../time/line.js';
import { longestTimerMs } from '../time/sleep.js';
import type { MakeConnector } from './connect.js';
import { Exchange } from './exchange.js';

// undici's own Pool does not keep its limit. Measured with undici 7.30:
// - after a refused connection, a Pool of 3 had 4 connections open, and 3 stayed open after close() had resolved;
// - an abort of a request in a Pool's queue is seen only when it is that request's turn.
// So this file keeps the line itself, and each connection is a Client of undici.

/** A Client with at most one connection, for one request at a time. */
interface Lane {
  readonly client: Client;
  /** Its abort closes the connection, also while it opens. */
  readonly closing: AbortController;
}

/** The connections to one origin. */
export class Lanes {
  readonly #line = new Line();
  readonly #idle: Lane[] = [];
  #open = 0;
  #isClosing = false;

  constructor(
    readonly origin: string,
    readonly connections: number,
    /** `0`: each connection serves one request, and was never idle. */
    readonly keepAliveMs: number,
    readonly makeConnector: MakeConnector,
    /** Called when no connection is left, and nobody waits for one. */
    readonly onEmpty: () => void,
  ) {}

  /** Sends a request when a connection is free. */
  async send(url: URL, init: FetchInit): Promise<FetchResponse> {
    const turn = this.#line.enter(this.connections, init.signal);
    if (turn) await turn;
    const lane = this.#idle.pop() ?? this.#openLane();
    return new Promise((resolve, reject) => {
      const onOver = (isReusable: boolean) => void this.#giveBack(lane, isReusable);
      new Exchange(init.signal, resolve, reject, onOver).send(lane.client, url, init);
    });
  }

  /** Closes the idle connections now, and each other one when its request is over. */
  close(): void {
    this.#isClosing = true;
    for (const lane of this.#idle.splice(0)) void this.#close(lane);
  }

  async #giveBack(lane: Lane, isReusable: boolean): Promise<void> {
    if (isReusable && !this.#isClosing && this.keepAliveMs > 0) this.#idle.push(lane);
    // the next in line may open its connection only after this one is closed: that keeps the limit
    else await this.#close(lane);
    this.#line.leave();
    this.#tellIfEmpty();
  }

  async #close({ client, closing }: Lane): Promise<void> {
    const destroyed = client.destroy();
    closing.abort();
    await destroyed;
    this.#open -= 1;
    this.#tellIfEmpty();
  }

  #tellIfEmpty(): void {
    if (this.#open === 0 && this.#line.isEmpty) this.onEmpty();
  }

  #openLane(): Lane {
    this.#open += 1;
    const closing = new AbortController();
    const keptMs = Math.min(Math.max(this.keepAliveMs, 1), longestTimerMs);
    const client = new Client(this.origin, {
      connect: this.makeConnector(closing.signal),
      pipelining: this.keepAliveMs > 0 ? 1 : 0,
      keepAliveTimeout: keptMs,
      keepAliveMaxTimeout: keptMs,
      // no limit here: the caller's signal ends a request that takes too long
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const lane = { client, closing };
    client.on('disconnect', () => {
      const index = this.#idle.indexOf(lane);
      if (index < 0) return;
      this.#idle.splice(index, 1);
      void this.#close(lane);
    });
    return lane;
  }
}
