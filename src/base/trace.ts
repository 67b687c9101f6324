import { isError } from './is-error.js';
import { tagOf } from './kind.js';
import { findNodeModule, type NodeModule } from './node-module.js';
import { compact } from './record.js';
import { messageOf } from './thrown.js';

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

type TracingChannel = ReturnType<NodeModule<'node:diagnostics_channel'>['tracingChannel']>;
type Channel = TracingChannel['start'];

/** What `bindStore` takes: an `AsyncLocalStorage`, or what looks like one. */
interface Store {
  getStore(): unknown;
  run(value: unknown, work: () => unknown): unknown;
}
type Transform = (trace: Trace) => unknown;

const events = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** A tracing channel of `node:diagnostics_channel`. Without Node, or without a listener, it costs a look at a field. */
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
      runOnce(channel, step, (run) =>
        bound.reduce<() => unknown>(
          (inner, { store, value }) =>
            () =>
              store.run(value, inner),
          run,
        )(),
      );
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

/**
 * Calls the listeners one by one. `publish` makes what a listener throws an uncaught exception, which would end the process
 * while a create is paid for, so it is used only where the list of the listeners cannot be read.
 */
function tell(channel: Channel, trace: Trace): void {
  const listeners: unknown = Reflect.get(channel, '_subscribers');
  if (!Array.isArray(listeners)) {
    channel.publish(trace);
    return;
  }
  // a listener may unsubscribe while it is called
  for (const listener of [...listeners]) {
    try {
      const told: unknown = listener(trace, channel.name);
      // a promise of another realm, as under Jest, is no instanceof Promise
      if (tagOf(told) === 'Promise')
        Promise.resolve(told).catch((error: unknown) => warn(error, channel.name));
    } catch (error) {
      warn(error, channel.name);
    }
  }
}

/** Runs `work` once, whatever listeners and stores do: it may be a create that is paid for. */
function runWithStores<Result>(channel: Channel, trace: Trace, work: () => Result): Result {
  return runOnce(channel, work, (run) => withoutThrows(channel).runStores(trace, run));
}

/** Has `run` called by `call`, which belongs to listeners: it may call `run` twice, later or never, or throw. */
function runOnce<Result>(channel: Channel, work: () => Result, call: (run: () => Result) => unknown): Result {
  let ran: { result: Result } | undefined;
  const run = (): Result => {
    ran ??= { result: work() };
    return ran.result;
  };
  try {
    call(run);
  } catch (error) {
    warn(error, channel.name);
  }
  return run();
}

/** The stores that listeners have bound to the channel, with their transforms. */
function storesOf(channel: Channel): [Store, Transform | undefined][] {
  // the class of Node's own maps is no Map of this realm
  const stores = Reflect.get(channel, '_stores');
  return typeof stores?.entries === 'function' ? [...stores.entries()] : [];
}

/** The channel as Node's `runStores` needs it, but what listeners and functions of `bindStore` throw is caught. */
function withoutThrows(channel: Channel): Channel {
  const publish = { value: (trace: Trace) => tell(channel, trace) };
  const bound = storesOf(channel);
  if (bound.length === 0) return Object.create(channel, { publish });
  const quiet = new Map<Store, Transform>();
  for (const [store, transform] of bound) {
    quiet.set(store, (trace) => {
      try {
        return transform ? transform(trace) : trace;
      } catch (error) {
        warn(error, channel.name);
        return currentValue(store, channel);
      }
    });
  }
  return Object.create(channel, { publish, _stores: { value: quiet } });
}

function currentValue(store: Store, channel: Channel): unknown {
  try {
    return store.getStore();
  } catch (error) {
    warn(error, channel.name);
    return undefined;
  }
}

const warned = new Set<unknown>();

/** Says once for each channel that a listener threw. */
function warn(error: unknown, channel: string | symbol): void {
  if (warned.has(channel)) return;
  warned.add(channel);
  const message = `A listener of "${String(channel)}" threw, which changed nothing here: ${messageOf(error)}`;
  try {
    globalThis.process?.emitWarning?.(message, 'AimlapiWanWarning');
  } catch {
    // a program may have put its own function there: what that throws must not end a create that is paid for
  }
}
