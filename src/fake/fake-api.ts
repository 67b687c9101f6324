import { checkOptionNames } from '../base/option-names.js';
import { checkFault } from './check-fault.js';
import type { Fault } from './faults.js';
import { FakeHandler, type FakeRequest } from './handler.js';
import { type FakeServer, type ListenOptions, serve } from './server.js';
import { type FakeApiOptions, fakeApiOptionNames } from './world.js';

/** Simulates the Wan endpoints of the AIML API and of Vtrix: input rules, answers, faults and real files. */
export interface FakeApi {
  /**
   * Answers a request without a socket. Use it as `createWan({ fetch: api.fetch })` or inside an MSW handler.
   * The promise rejects at a scripted reset, as fetch's promise does. In an MSW handler, catch the rejection and return
   * `HttpResponse.error()`. It opens no sockets, so clients do not look up the names in its links.
   */
  readonly fetch: {
    (input: string | URL | Request, init?: RequestInit): Promise<Response>;
    resolvesElsewhere(): boolean;
  };
  /** Serves real HTTP on 127.0.0.1. */
  listen(options?: ListenOptions): Promise<FakeServer>;
  /** All requests that arrived, oldest first. Keys and signatures are masked. */
  readonly requests: readonly FakeRequest[];
  /** How many creates were accepted. A real account would pay for each of them. */
  readonly generations: number;
  /** US dollars that the accepted creates cost by the embedded API's own prices. A video that fails costs nothing. */
  readonly charged: number;
  /**
   * Scripts a fault. Faults strike in the order in which they were scripted.
   *
   * @throws {TypeError} when it is no fault: an unknown `kind`, `on` or field, or a status that no answer has
   */
  fault(fault: Fault): void;
  /** Removes all faults that are left. Returns how many requests they would still have hit. */
  clearFaults(): number;
}

/**
 * Creates an embedded API for tests, demos and work without a key. The embedded API takes its rules from the API's
 * documentation and not from this client, so it also finds mistakes in the client's checks.
 *
 * @example
 * ```ts
 * const api = createFakeApi({ videoSeconds: 1 });
 * const wan = createWan({ apiKey: 'test', fetch: api.fetch });
 * ```
 */
export function createFakeApi(options: FakeApiOptions = {}): FakeApi {
  checkOptionNames('call createFakeApi', options, fakeApiOptionNames);
  const handler = new FakeHandler(options);
  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    // listen to the caller's signal: request.signal follows it by a weak reference only and may miss the abort
    const signal = init?.signal ?? (input instanceof Request ? input.signal : request.signal);
    signal.throwIfAborted();
    return handler.handle(request, signal);
  }
  return {
    fetch: Object.assign(fetch, { resolvesElsewhere: () => true }),
    listen: (listenOptions) => serve((...received) => handler.handle(...received), listenOptions),
    requests: handler.requests,
    get generations() {
      return handler.world.generations;
    },
    get charged() {
      return handler.world.account.charged;
    },
    fault(fault) {
      checkFault(fault);
      handler.world.faults.add(fault);
    },
    clearFaults: () => handler.world.faults.clear(),
  };
}
