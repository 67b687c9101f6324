import type { Dispatcher } from 'undici';
import type { FetchInit, FetchResponse } from '../base/options.js';
import { version } from '../base/version.js';
import type { Ending } from '../time/deadline.js';
import { toResponse } from './undici-answer.js';
import { UndiciBody } from './undici-body.js';
import type { Lane, Lanes } from './undici-lanes.js';

/** Sends a request on a lane that is free, and gives it back when the answer has arrived. */
export function exchange(
  lanes: Lanes,
  lane: Lane,
  address: string,
  { method, headers, body }: Omit<FetchInit, 'signal'>,
  ending: Ending,
): Promise<FetchResponse> {
  return new Promise((resolve, reject) => {
    const url = new URL(address);
    const handler = new Exchange(lanes, lane, ending, resolve, reject);
    if (!handler.isOver) {
      lane.client.dispatch(
        {
          path: `${url.pathname}${url.search}`,
          method,
          headers: 'user-agent' in headers ? headers : { 'user-agent': `aimlapi-wan/${version}`, ...headers },
          body: body ?? null,
        },
        handler,
      );
    }
  });
}

/** What undici tells of a request. It is `request()` of undici without the stream, the larger part of its cost. */
class Exchange implements Dispatcher.DispatchHandler {
  /** The lane is no longer its own. */
  isOver = false;
  #body: UndiciBody | undefined;

  constructor(
    readonly lanes: Lanes,
    readonly lane: Lane,
    readonly ending: Ending,
    readonly resolve: (response: FetchResponse) => void,
    readonly reject: (reason: unknown) => void,
  ) {
    lane.onFree = () => this.#leave() && lanes.give(lane);
    // it may have ended between the wait in line and now
    if (ending.over) {
      reject(ending.over.reason);
      lane.onFree();
      return;
    }
    ending.onOver(() => {
      reject(ending.over?.reason);
      this.#body?.fail(ending.over?.reason);
      this.#end();
    });
  }

  onRequestStart(): void {}

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // an answer before the answer
    if (status < 200) return;
    this.#body = new UndiciBody({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      letGo: () => this.#end(),
    });
    this.resolve(toResponse(status, headers, this.#body));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#body?.end();
  }

  onResponseError(_: Dispatcher.DispatchController, reason: Error): void {
    this.reject(reason);
    this.#body?.end({ reason });
    this.#end();
  }

  #end(): void {
    if (this.#leave()) void this.lanes.end(this.lane);
  }

  #leave(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.ending.onOver(undefined);
    // what lives on must not hold the answer: it would be in memory long after it was read
    this.lane.onFree = () => {};
    this.#body = undefined;
    return true;
  }
}
