/** One paid create, as the functions around it see it. It is frozen. */
export interface Create {
  readonly kind: 'image' | 'video';
  /** The model's id on the wire. */
  readonly model: string;
  /** What goes out. It is written as JSON already: changing it changes nothing. */
  readonly body: object;
  readonly clientRequestId: string;
  /** ISO time at which the first of the functions began. */
  readonly startedAt: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs around all attempts of one paid create, after the check of its input: for a budget, tracing, storing what is about
 * to be paid for, or the rate limit of a fleet. `send` makes the create, once: a second call rejects, and pays nothing.
 *
 * What it throws before it calls `send` reaches the caller as it is, and nothing was sent. It may also give a result of
 * its own without `send`, as a cache does. Where it gives no object, the caller gets what `send` gave. Where it throws
 * after `send` has made the create, the caller gets an `OutcomeUnknownError`: its `body` is the answer, its `cause` what
 * was thrown. After the signal has aborted, or the call has ended, `send` sends nothing.
 */
export type AroundCreate = <Made>(create: Create, send: () => Promise<Made>) => Promise<Made>;
