import { tagOf } from './kind.js';
import type { NodeModule } from './node-module.js';
import { messageOf } from './thrown.js';

export type TracingChannel = ReturnType<NodeModule<'node:diagnostics_channel'>['tracingChannel']>;
type Channel = TracingChannel['start'];

/** What `bindStore` takes: an `AsyncLocalStorage`, or what looks like one. */
interface Store {
  getStore(): unknown;
  run(value: unknown, work: () => unknown): unknown;
}
type Transform = (trace: object) => unknown;

/**
 * Calls the listeners one by one. `publish` makes what a listener throws an uncaught exception, which would end the process
 * while a create is paid for, so it is used only where the list of the listeners cannot be read.
 */
export function tell(channel: Channel, trace: object): void {
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
export function runWithStores<Result>(channel: Channel, trace: object, work: () => Result): Result {
  return runOnce(channel, work, (run) => withoutThrows(channel).runStores(trace, run));
}

/**
 * Lets `call` call `run`. `call` is code of a listener: it may call `run` twice, late or never, or throw. `work` runs once
 * in any case.
 */
export function runOnce<Result>(
  channel: Channel,
  work: () => Result,
  call: (run: () => Result) => unknown,
): Result {
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
export function storesOf(channel: Channel): [Store, Transform | undefined][] {
  // Node's own map is no instanceof Map, so its method is looked for
  const stores = Reflect.get(channel, '_stores');
  return typeof stores?.entries === 'function' ? [...stores.entries()] : [];
}

/** A copy of the channel for Node's `runStores`. It catches what listeners and functions of `bindStore` throw. */
function withoutThrows(channel: Channel): Channel {
  const publish = { value: (trace: object) => tell(channel, trace) };
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

export function currentValue(store: Store, channel: Channel): unknown {
  try {
    return store.getStore();
  } catch (error) {
    warn(error, channel.name);
    return undefined;
  }
}

const warned = new Set<unknown>();

/** Says once for each channel that a listener threw. */
export function warn(error: unknown, channel: string | symbol): void {
  if (warned.has(channel)) return;
  warned.add(channel);
  const message = `A listener of "${String(channel)}" threw, which changed nothing here: ${messageOf(error)}`;
  try {
    globalThis.process?.emitWarning?.(message, 'AimlapiWanWarning');
  } catch {
    // a program may have put its own function there: what that throws must not end a create that is paid for
  }
}
