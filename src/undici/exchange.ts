import type { Client, Dispatcher } from 'undici';
import type { FetchBody, FetchInit, FetchReader, FetchResponse } from '../base/fetch.js';
import { messageOf } from '../base/redact.js';
import { version } from '../base/version.js';
import { toResponse } from './answer.js';
import { unsent } from './connect.js';

// undici's `request()` does not tell whether a request that failed was written, sees no abort before that, and drops what
// arrived of a body that is cut. A ReadableStream drops that too, and made a status request cost 1.7 x as much processor
// time as a bare `request()` (Node 20). So an exchange takes what undici tells, and is the body of its answer.

type Connection = Dispatcher.DispatchController;

/** Bytes that may wait to be read before the connection is paused: as many as a stream of Node holds. */
const maxUnreadBytes = 65_536;

/** One request and its answer, on a connection that is its own until it is over. */
export class Exchange implements Dispatcher.DispatchHandler, FetchBody {
  #isWritten = false;
  #isOver = false;
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #failure: { reason: unknown } | undefined;
  #isLocked = false;
  #wakeReader = () => {};
  #connection: Connection | undefined;

  constructor(
    readonly signal: AbortSignal,
    readonly resolve: (response: FetchResponse) => void,
    readonly reject: (reason: unknown) => void,
    /** Called once, when the connection is needed no more. It is reusable where the answer arrived whole. */
    readonly onOver: (isReusable: boolean) => void,
  ) {
    signal.addEventListener('abort', this);
  }

  send(client: Client, { pathname, search }: URL, { method, headers, body }: FetchInit): void {
    // the signal may have aborted between the place in line and now
    if (this.signal.aborted) return void this.handleEvent();
    const named = 'user-agent' in headers ? headers : { 'user-agent': `aimlapi-wan/${version}`, ...headers };
    client.dispatch({ path: `${pathname}${search}`, method, headers: named, body: body ?? null }, this);
  }

  /** The signal aborts: what has arrived is not read any more. */
  handleEvent(): void {
    this.#unread = [];
    this.#fail(this.signal.reason);
  }

  onRequestStart(connection: Connection): void {
    this.#isWritten = true;
    this.#connection = connection;
  }

  onResponseStart(_: Connection, status: number, headers: Dispatcher.ResponseData['headers']): void {
    // below that, it is an answer before the answer
    if (status >= 200) this.resolve(toResponse(status, headers, this));
  }

  onResponseData(connection: Connection, chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.byteLength;
    if (this.#unreadBytes >= maxUnreadBytes) connection.pause();
    this.#wakeReader();
  }

  onResponseEnd(): void {
    this.#end(true);
  }

  onResponseError(_: Connection, error: Error): void {
    this.#fail(this.#isWritten ? error : unsent(messageOf(error), error));
  }

  getReader(): FetchReader {
    if (this.#isLocked) throw new TypeError('Cannot read the body: it has a reader already.');
    this.#isLocked = true;
    return {
      read: () => this.#read(),
      cancel: async () => this.#cancel(),
      releaseLock: () => {
        this.#isLocked = false;
      },
    };
  }

  async cancel(): Promise<void> {
    if (this.#isLocked) throw new TypeError('Cannot cancel the body: it has a reader.');
    this.#cancel();
  }

  async #read(): Promise<{ done: boolean; value?: Uint8Array }> {
    while (this.#unread.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
    const value = this.#unread.shift();
    if (!value && this.#failure) throw this.#failure.reason;
    if (!value) return { done: true };
    this.#unreadBytes -= value.byteLength;
    if (this.#unreadBytes < maxUnreadBytes) this.#connection?.resume();
    return { done: false, value };
  }

  #cancel(): void {
    this.#unread = [];
    this.#end(false);
  }

  /** What arrived before is still read, then the reason is thrown. */
  #fail(reason: unknown): void {
    if (this.#isOver) return;
    this.#failure = { reason };
    // where there is an answer already, this is a no-op
    this.reject(reason);
    this.#end(false);
  }

  #end(isReusable: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.signal.removeEventListener('abort', this);
    this.#wakeReader();
    this.onOver(isReusable);
  }
}
