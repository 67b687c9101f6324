/** The part of `fetch` that is used: the global one fits, and so does a wrapper around it. */
export interface Fetch {
  (url: string, init: FetchInit): Promise<FetchResponse>;
  /**
   * The most creates that go to one origin through this function at once, over all clients that share it. A further
   * create waits in line: it is not timed there, and an abort ends it before it is sent. As many checks of waits go out
   * at once; a further check waits in line until the wait's deadline. @defaultValue no limit
   */
  readonly connections?: number | undefined;
  /**
   * Whether the name in this URL is resolved elsewhere, as a proxy does it. Then a download does not look the name up on
   * this machine. @defaultValue only the proxies of the environment count, where the runtime's own fetch uses them
   */
  readonly resolvesElsewhere?: ((url: string) => boolean) | undefined;
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
   * Set after an answer that belonged to another request: the fetch should open a new connection for this request. The
   * global fetch gets the header `connection: close` instead.
   */
  fresh?: true;
  /**
   * Set for a download from a host that an answer names. Its name was looked up, and may resolve to another address by
   * now: the fetch should connect to no private address, unless a proxy connects in its place. It refuses with an error
   * that has the `code` `'ERR_PRIVATE_HOST'`. The global fetch cannot do that, and does not get this field.
   */
  publicOnly?: true;
}
