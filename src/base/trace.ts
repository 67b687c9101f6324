import { isError } from './is-error.js';
import {
  currentValue,
  runOnce,
  runWithStores,
  storesOf,
  type TracingChannel,
  tell,
  warn,
} from './listeners.js';
import { findNodeModule } from './node-module.js';
import { compact } from './record.js';

type Attribute = string | number | boolean;

/**
 * What the listeners of a tracing channel get: one object for all events of a create, a request or a wait, so that they
 * can tell the events apart and keep a span by it. It holds no key, no link and no prompt.
 */
export interface Trace {
  /** A name for a span: `generate_content alibaba/wan2.2-t2v-plus`. */
  readonly name: string;
  /** By the names of OpenTelemetry's conventions, and `aimlapi_wan.…` where these have none. More come with the end. */
  readonly attributes: Record<string, Attribute>;
  /** Why it failed: there at the `error` event and after it. */
  error?: unknown;
}

/** What is known of a create, a request or a wait when it has ended. */
export interface Ending {
  readonly attributes: Readonly<Record<string, Attribute | undefined>>;
  readonly error?: unknown;
}

const events = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** A tracing channel of `node:diagnostics_channel`. Without Node or without a listener it only reads a field. */
export class TraceChannel {
  readonly #channel: TracingChannel | undefined;

  constructor(name: string) {
    this.#channel = findNodeModule('node:diagnostics_channel')?.tracingChannel?.(name);
  }

  get isHeard(): boolean {
    const channel = this.#channel;
    // Bun has no hasSubscribers for all events together
    return (
      channel !== undefined &&
      (channel.hasSubscribers ?? events.some((event) => channel[event].hasSubscribers))
    );
  }

  /** Runs `work`, which does not throw but rejects, and tells the listeners of its start and of its end. */
  run<Result>(
    trace: Trace,
    work: () => Promise<Result>,
    describe: (result: Result) => Ending,
    describeError: (error: unknown) => Ending,
  ): Promise<Result> {
    return this.begin(trace, work).then(
      (result) => {
        this.end(trace, () => describe(result));
        return result;
      },
      (error: unknown) => {
        this.end(trace, () => describeError(error));
        throw error;
      },
    );
  }

  /** Tells of the start, and runs `work` with the values that listeners have bound to the channel. */
  begin<Result>(trace: Trace, work: () => Result): Result {
    if (!this.#channel) return work();
    const result = runWithStores(this.#channel.start, trace, work);
    tell(this.#channel.end, trace);
    return result;
  }

  /**
   * As `begin`, for work that goes on in steps: gives the function that runs each of them with the values that listeners
   * have bound to the channel.
   */
  beginSteps(trace: Trace): <Result>(step: () => Result) => Result {
    const channel = this.#channel?.start;
    if (!channel) return (step) => step();
    const bound = this.begin(trace, () =>
      storesOf(channel).map(([store]) => ({ store, value: currentValue(store, channel) })),
    );
    return (step) =>
      runOnce(channel, step, (run) => {
        let work: () => unknown = run;
        for (const { store, value } of bound) {
          const inner = work;
          work = () => store.run(value, inner);
        }
        work();
      });
  }

  end(trace: Trace, describe: () => Ending): void {
    if (!this.#channel) return;
    let error: unknown;
    try {
      const ending = describe();
      error = ending.error;
      // a listener may have frozen the trace
      Object.assign(trace.attributes, compact(ending.attributes));
      if (error !== undefined) Object.assign(trace, { error });
    } catch (spoiled) {
      warn(spoiled, this.#channel.error.name);
    }
    if (error !== undefined) tell(this.#channel.error, trace);
    tell(this.#channel.asyncStart, trace);
    tell(this.#channel.asyncEnd, trace);
  }
}

/** The class of an error, as OpenTelemetry's `error.type`. */
export function errorTypeOf(error: unknown): string {
  return isError(error) ? error.name : typeof error;
}
