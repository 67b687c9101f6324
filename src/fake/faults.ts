/** The kinds of request that a fault can be set on. */
export type Route = 'image' | 'video' | 'status' | 'file' | 'log' | 'catalogue';

interface FaultTarget {
  /** The kind of request. @defaultValue any */
  on?: Route;
  /** Only requests to this path, such as `/v2/video/generations`. @defaultValue any */
  path?: string;
  /** How many requests it hits. @defaultValue `1` */
  times?: number;
  /** How many that fit go by unharmed first. @defaultValue `0` */
  after?: number;
}

interface CreateFault {
  /** Whether a create is carried out, and so paid for, all the same. @defaultValue `false` */
  accepted?: boolean;
}

interface AnswerFault {
  /** Leaves `x-inference-id` out of the answer. @defaultValue `false` */
  withoutInferenceId?: boolean;
}

/** A fault and the requests that it hits. */
export type Fault = FaultTarget &
  (
    | (CreateFault & { kind: 'answer'; status: number; body?: unknown; headers?: Record<string, string> })
    /** The API's own error body, problem+json or the older form. */
    | (CreateFault & {
        kind: 'error';
        status: number;
        message?: string;
        name?: string;
        data?: unknown;
        form?: 'current' | 'legacy';
        headers?: Record<string, string>;
      })
    /** An error page of something in between. @defaultValue status `502` */
    | (CreateFault & { kind: 'html'; status?: number })
    | { kind: 'rate-limit'; retryAfterSeconds?: number }
    /** The connection is reset: before the request counts, or after. */
    | (CreateFault & { kind: 'reset' })
    /** No answer, ever. */
    | (CreateFault & { kind: 'stall' })
    /** The answer's body ends early; the request was carried out. @defaultValue half of it arrives */
    | (AnswerFault & { kind: 'cut'; afterBytes?: number })
    /** The answer's body stops coming half-way; the request was carried out. */
    | (AnswerFault & { kind: 'stall-body'; afterBytes?: number })
    /** A success that is no JSON; the request was carried out. */
    | (AnswerFault & { kind: 'broken-json' })
    /** A status word of your own in a status answer. */
    | { kind: 'status'; status: string }
    /** A status answer that says completed, with `video: null`. */
    | { kind: 'no-video' }
    /** The job that the next create starts will fail. */
    | { kind: 'job-fails'; message?: string; name?: string }
    /** The next link that is handed out has expired. */
    | { kind: 'expired-link' }
  );

/** Where a fault takes hold: most do when the request arrives, some when the answer is made. */
const laterKinds = ['job-fails', 'expired-link'];

/** Scripted faults, taken in the order in which they were set. */
export class Faults {
  readonly #pending: { fault: Fault; left: number; after: number }[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, left: fault.times ?? 1, after: fault.after ?? 0 });
  }

  /** Takes back the faults that have not struck, and tells how many strikes were left in them. */
  clear(): number {
    const left = this.#pending.reduce((sum, entry) => sum + entry.left, 0);
    this.#pending.length = 0;
    return left;
  }

  /** The fault that hits this request, if any. */
  takeFor(route: Route, path: string): Fault | undefined {
    return this.#take(({ kind, on = route, path: only = path }) => {
      const onStatus = kind === 'status' || kind === 'no-video' ? route === 'status' : true;
      return !laterKinds.includes(kind) && on === route && only === path && onStatus;
    });
  }

  /** The fault of a kind that shows in what this request makes, if any. */
  takeKind<K extends Fault['kind']>(
    kind: K,
    route: Route,
    path: string,
  ): Extract<Fault, { kind: K }> | undefined {
    return this.#take(
      (fault): fault is Extract<Fault, { kind: K }> =>
        fault.kind === kind && (fault.on ?? route) === route && (fault.path ?? path) === path,
    );
  }

  #take<F extends Fault>(fits: (fault: Fault) => fault is F): F | undefined;
  #take(fits: (fault: Fault) => boolean): Fault | undefined;
  #take(fits: (fault: Fault) => boolean): Fault | undefined {
    for (const entry of this.#pending) {
      if (!fits(entry.fault)) continue;
      if (entry.after > 0) {
        entry.after -= 1;
        continue;
      }
      entry.left -= 1;
      if (entry.left <= 0) this.#pending.splice(this.#pending.indexOf(entry), 1);
      return entry.fault;
    }
    return undefined;
  }
}
