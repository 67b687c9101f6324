/** The kinds of request that a fault can hit. */
export type Route = 'image' | 'video' | 'status' | 'file' | 'log' | 'catalogue' | 'billing' | 'key';

interface FaultTarget {
  /** Only requests of this kind. @defaultValue any */
  on?: Route;
  /** Only requests to this path, such as `/v2/video/generations`. @defaultValue any */
  path?: string;
  /** How many requests the fault hits. @defaultValue `1` */
  times?: number;
  /** How many matching requests pass before the fault hits the first one. @defaultValue `0` */
  after?: number;
}

interface CreateFault {
  /** Whether the API still carries out the create and bills it. @defaultValue `false` */
  accepted?: boolean;
}

interface AnswerFault {
  /** Removes `x-inference-id` from the answer. @defaultValue `false` */
  withoutInferenceId?: boolean;
}

/** A fault, and which requests the fault hits. */
export type Fault = FaultTarget &
  (
    | (CreateFault & { kind: 'answer'; status: number; body?: unknown; headers?: Record<string, string> })
    /** An error in the API's own form: problem+json, or the legacy form. */
    | (CreateFault & {
        kind: 'error';
        status: number;
        message?: string;
        name?: string;
        data?: unknown;
        form?: 'current' | 'legacy';
        headers?: Record<string, string>;
      })
    /** An HTML error page, as a proxy sends it. @defaultValue status `502` */
    | (CreateFault & { kind: 'html'; status?: number })
    /** A 429 answer. */
    | { kind: 'rate-limit'; retryAfterSeconds?: number }
    /** The connection is reset. The API carries out the create only if `accepted` is `true`. */
    | (CreateFault & { kind: 'reset' })
    /** The API never answers. */
    | (CreateFault & { kind: 'stall' })
    /** The API carries out the request, but the body of the answer ends early. @defaultValue after half of the body */
    | (AnswerFault & { kind: 'cut'; afterBytes?: number })
    /** The API carries out the request, but the body of the answer stalls. @defaultValue after half of the body */
    | (AnswerFault & { kind: 'stall-body'; afterBytes?: number })
    /** The API carries out the request, but the body of the answer is broken JSON. */
    | (AnswerFault & { kind: 'broken-json' })
    /** A status answer with a status word of your own. */
    | { kind: 'status'; status: string }
    /** A status answer that says `completed` but has no video. */
    | { kind: 'no-video' }
    /** The next create starts a job that fails. */
    | { kind: 'job-fails'; message?: string; name?: string }
    /** The next link in an answer has already expired. */
    | { kind: 'expired-link' }
  );

/** The kinds that hit one kind of request alone. */
export const onlyRouteOf: Readonly<Partial<Record<Fault['kind'], Route>>> = {
  status: 'status',
  'no-video': 'status',
  'job-fails': 'video',
};

// these faults strike when the answer is made, all others when the request arrives
const laterKinds = ['job-fails', 'expired-link'];

/** Holds the scripted faults. They strike in the order in which they were added. */
export class Faults {
  readonly #pending: { fault: Fault; left: number; after: number }[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, left: fault.times ?? 1, after: fault.after ?? 0 });
  }

  /** Removes all faults that are left. Returns how many requests they would still have hit. */
  clear(): number {
    const left = this.#pending.reduce((sum, entry) => sum + entry.left, 0);
    this.#pending.length = 0;
    return left;
  }

  /** Takes the first fault that hits this request on arrival. */
  takeFor(route: Route, path: string): Fault | undefined {
    return this.#take(
      ({ kind, on = onlyRouteOf[kind] ?? route, path: only = path }) =>
        !laterKinds.includes(kind) && on === route && only === path,
    );
  }

  /** Takes the first fault of this kind that hits the answer to this request. */
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
