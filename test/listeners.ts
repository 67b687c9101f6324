import { tracingChannel } from 'node:diagnostics_channel';
import { runInNewContext } from 'node:vm';
import type { Trace } from '../src/base/trace.js';

const events = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;
export const channels = ['create', 'request', 'wait'] as const;

/** An event of a channel as a listener saw it, with a copy of what it was given. */
export interface Seen {
  event: string;
  name: string;
  attributes: Trace['attributes'];
  trace: Trace;
}

/** Calls the listener for each event of a tracing channel; gives the function that ends that. */
export function listen(
  channel: (typeof channels)[number],
  listener: (trace: Trace, event: string) => unknown,
): () => void {
  const traced = tracingChannel(`aimlapi-wan:${channel}`);
  const ends = events.map((event) => {
    const tell = (message: unknown) => listener(message as Trace, event);
    traced[event].subscribe(tell);
    return () => traced[event].unsubscribe(tell);
  });
  return () => {
    for (const end of ends) end();
  };
}

/** Notes the events of a channel until `stop` is called. */
export function note(channel: (typeof channels)[number]): { seen: Seen[]; stop: () => void } {
  const seen: Seen[] = [];
  const stop = listen(channel, (trace, event) => {
    seen.push({ event, name: trace.name, attributes: { ...trace.attributes }, trace });
  });
  return { seen, stop };
}

/** Listens on all channels in ways that may not change a call: throws, rejects, and spoils what it was given. */
export function listenBadly(): () => void {
  const ends = channels.flatMap((channel) => [
    listen(channel, () => {
      throw new Error('a listener that throws');
    }),
    listen(channel, async () => {
      throw new Error('a listener that rejects');
    }),
    listen(
      channel,
      runInNewContext('async () => { throw new Error("a listener of another realm that rejects"); }'),
    ),
    listen(channel, (trace) => {
      Reflect.set(trace, 'attributes', Object.freeze({}));
      Object.freeze(trace);
    }),
  ]);
  return () => {
    for (const end of ends) end();
  };
}
