import type { FetchBody, FetchReader } from '../base/options.js';

type Chunk = Awaited<ReturnType<FetchReader['read']>>;
type PendingRead = { resolve(chunk: Chunk): void; reject(reason: unknown): void };

/** Bytes that may wait to be read before the connection is paused: as many as a stream of Node holds. */
const mostUnread = 65_536;

/** Where a body comes from. */
export interface BodySource {
  pause(): void;
  resume(): void;
  /** The rest is not wanted. */
  letGo(): void;
}

/** An answer's body as fetch gives it, without a stream around it: chunks wait here until they are read. */
export class UndiciBody implements FetchBody {
  #source: BodySource | undefined;
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #isLocked = false;
  #isOver = false;
  #failure: { reason: unknown } | undefined;
  #pendingRead: PendingRead | undefined;

  constructor(source: BodySource) {
    this.#source = source;
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

  /** Takes what has arrived. */
  push(value: Uint8Array): void {
    if (this.#isOver) return;
    const pending = this.#takePendingRead();
    if (pending) {
      pending.resolve({ done: false, value });
      return;
    }
    this.#unread.push(value);
    this.#unreadBytes += value.byteLength;
    if (this.#unreadBytes >= mostUnread) this.#source?.pause();
  }

  /** No more will arrive: the file is whole, or it failed. What arrived before is still read. */
  end(failure?: { reason: unknown }): void {
    if (!this.#isOver) this.#finish(failure);
  }

  /** Ends reading at once, of what arrived before as well. */
  fail(reason: unknown): void {
    this.#unread = [];
    this.#finish({ reason });
  }

  #finish(failure: { reason: unknown } | undefined): void {
    this.#isOver = true;
    this.#failure = failure;
    this.#source = undefined;
    const pending = this.#takePendingRead();
    if (failure) pending?.reject(failure.reason);
    else pending?.resolve({ done: true });
  }

  #cancel(): void {
    if (this.#isOver && this.#unread.length === 0) return;
    this.#unread = [];
    this.#source?.letGo();
    this.end();
  }

  #takePendingRead(): PendingRead | undefined {
    const pending = this.#pendingRead;
    this.#pendingRead = undefined;
    return pending;
  }

  #read(): Promise<Chunk> {
    const value = this.#unread.shift();
    if (value) {
      this.#unreadBytes -= value.byteLength;
      if (this.#unreadBytes < mostUnread) this.#source?.resume();
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure) return Promise.reject(this.#failure.reason);
    if (this.#isOver) return Promise.resolve({ done: true });
    return new Promise((resolve, reject) => {
      this.#pendingRead = { resolve, reject };
    });
  }
}
