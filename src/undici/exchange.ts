import type { Client, Dispatcher } from 'undici';
import type { FetchBody, FetchInit, FetchReader, FetchResponse } from '../base/fetch.js';
import { messageOf } from '../base/thrown.js';
import { version } from '../base/version.js';
import { toResponse } from './answer.js';
import { unsent } from './connect.js';

// Why not undici's `request()`: it does not tell whether a failed request was written, it ignores an abort before that,
// and it drops the part of a cut body that arrived. A ReadableStream drops that part too. So an exchange is both undici's
// handler and the body.

type Connection = Dispatcher.DispatchController;

/** The connection pauses when this many bytes wait to be read: as many as a stream of Node holds. */
const maxUnreadBytes = 65_536;

/** One request and its answer. It has a connection for itself until it is over. */
export class Exchange implements Dispatcher.DispatchHandler, FetchBody {
  #isOver = false;
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #failure: { reason: unknown } | undefined;
  #isLocked = false;
  #wakeReader = () => {};
  /** There from the moment when undici begins to write the request. */
  #connection: Connection | undefined;

  constructor(
    readonly signal: AbortSignal,
    readonly resolve: (response: FetchResponse) => void,
    readonly reject: (reason: unknown) => void,
    /** Called once, when the exchange needs its connection no more. After a whole answer the connection is reusable. */
    readonly onOver: (isReusable: boolean) => void,
  ) {
    signal.addEventListener('abort', this);
  }

  send(client: Client, { pathname, search }: URL, { method, headers, body }: FetchInit): void {
    // the signal may have aborted since the request left the line
    if (this.signal.aborted) return void this.handleEvent();
    const named = 'user-agent' in headers ? headers : { 'user-agent': `aimlapi-wan/${version}`, ...headers };
    client.dispatch({ path: `${pathname}${search}`, method, headers: named, body: body ?? null }, this);
  }

  /** Called when the signal aborts. The bytes that have arrived are dropped. */
  handleEvent(): void {
    this.#unread = [];
    this.#fail(this.signal.reason);
  }

  onRequestStart(connection: Connection): void {
    this.#connection = connection;
  }

  onResponseStart(_: Connection, status: number, headers: Dispatcher.ResponseData['headers']): void {
    // a 1xx comes before the real answer
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
    this.#fail(this.#connection ? error : unsent(messageOf(error), error));
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

  /** The bytes that have arrived can still be read; then reading throws the reason. */
  #fail(reason: unknown): void {
    if (this.#isOver) return;
    this.#failure = { reason };
    // a no-op if the answer has begun
    this.reject(reason);
    this.#end(false);
  }

  #end(isReusable: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // it holds the request and the raw headers: V8 would free them late, because the answer lives on
    this.#connection = undefined;
    this.signal.removeEventListener('abort', this);
    this.#wakeReader();
    this.onOver(isReusable);
  }
}
