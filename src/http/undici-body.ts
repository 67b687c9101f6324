import type { Readable } from 'node:stream';
import type { FetchBody, FetchReader } from '../options.js';

type Chunk = Awaited<ReturnType<FetchReader['read']>>;

/** An answer's body as fetch gives it, with no more in memory than a stream's buffer. */
export class UndiciBody implements FetchBody {
  readonly #stream: Readable;
  readonly #onCancel: () => void;
  #isLocked = false;
  #isListening = false;
  #isOver = false;
  #failure: { reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: Readable, onCancel: () => void) {
    this.#stream = stream;
    this.#onCancel = onCancel;
    // what arrived before is still read
    stream.on('error', (reason) => {
      if (!this.#isOver) this.#failure ??= { reason };
      this.#wake?.();
    });
    // from the start: both may be told before the first wait
    stream.on('end', () => this.#end()).on('close', () => this.#failure ?? this.#end());
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

  /** Ends reading at once. */
  fail(reason: unknown): void {
    this.#isOver = true;
    this.#failure ??= { reason };
    this.#wake?.();
  }

  #cancel(): void {
    if (this.#isOver) return;
    this.#onCancel();
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  #read(): Promise<Chunk> {
    const value = this.#next();
    if (value) return Promise.resolve({ done: false, value });
    if (this.#isOver || this.#failure) return this.#settle();
    if (!this.#isListening) {
      this.#isListening = true;
      this.#stream.on('readable', () => this.#wake?.());
    }
    return new Promise<void>((wake) => {
      this.#wake = wake;
    }).then(() => this.#read());
  }

  #next(): Uint8Array | undefined {
    const value: unknown = this.#isOver ? null : this.#stream.read();
    return value instanceof Uint8Array ? value : undefined;
  }

  #settle(): Promise<Chunk> {
    return this.#failure ? Promise.reject(this.#failure.reason) : Promise.resolve({ done: true });
  }
}
