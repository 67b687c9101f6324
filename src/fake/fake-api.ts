import type { Fault } from './faults.js';
import { FakeHandler, type FakeRequest } from './handler.js';
import { type FakeServer, type ListenOptions, serve } from './server.js';
import type { FakeApiOptions } from './world.js';

/** The Wan endpoints of the AIML API, and Vtrix's, embedded: rules, answers, faults, and real files. */
export interface FakeApi {
  /**
   * Answers without a socket: for `createWan({ fetch: api.fetch })`, or as the body of an MSW handler. A scripted reset
   * rejects, as fetch does; in an MSW handler, answer such a rejection with `HttpResponse.error()`.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Serves real HTTP on 127.0.0.1. */
  listen(options?: ListenOptions): Promise<FakeServer>;
  /** What arrived, in order; keys and signatures are masked. */
  readonly requests: readonly FakeRequest[];
  /** Paid creates that were accepted: what a real account would be billed for. */
  readonly generations: number;
  /** Scripts a fault. Several are taken in the order in which they were set. */
  fault(fault: Fault): void;
  /** Takes back the faults that have not struck, and tells how many strikes were left in them. */
  clearFaults(): number;
}

/**
 * Makes an embedded API, for tests, demos and work without a key. It judges by the API's rules, not by this
 * client's: what it refuses, the API's documentation refuses.
 *
 * @example
 * ```ts
 * const api = createFakeApi({ videoSeconds: 1 });
 * const wan = createWan({ apiKey: 'test', fetch: api.fetch });
 * ```
 */
export function createFakeApi(options: FakeApiOptions = {}): FakeApi {
  const handler = new FakeHandler(options);
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      // the caller's own: a Request holds on to it by a weak reference only
      const signal = init?.signal ?? (input instanceof Request ? input.signal : request.signal);
      signal.throwIfAborted();
      return handler.handle(request, signal);
    },
    listen: (listenOptions) => serve((...received) => handler.handle(...received), listenOptions),
    requests: handler.requests,
    get generations() {
      return handler.world.generations;
    },
    fault: (fault) => handler.world.faults.add(fault),
    clearFaults: () => handler.world.faults.clear(),
  };
}
