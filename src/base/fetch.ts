/** The part of `fetch` that is used: the global one fits, and so does a wrapper around it. */
export interface Fetch {
  (url: string, init: FetchInit): Promise<FetchResponse>;
  /**
   * The most creates that go to one origin through this function at once, whichever clients share it. A further create
   * waits in line before it is sent: it is not timed there, and an abort there sends nothing. @defaultValue no limit
   */
  readonly connections?: number | undefined;
}

/** The part of a Response that is used: that of Node, of undici and of the DOM's types all fit. */
export interface FetchResponse {
  readonly status: number;
  readonly type?: string;
  readonly headers: FetchHeaders;
  readonly body: FetchBody | null;
}

export interface FetchHeaders {
  get(name: string): string | null;
}

export interface FetchBody {
  getReader(): FetchReader;
  cancel(): Promise<void>;
}

export interface FetchReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
  releaseLock(): void;
}

export interface FetchInit {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  redirect: 'manual';
  cache: 'no-store';
  /**
   * There after an answer that belonged to another request: a fetch that can opens a new connection for this one. The
   * global fetch gets `connection: close` instead.
   */
  fresh?: true;
}
