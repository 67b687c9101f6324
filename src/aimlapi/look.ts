import { dayMs, longestWindowMs } from './log.js';
import { type LoggedRequest, type LogReader, type LogWindow, readLog } from './log-pages.js';

const minuteMs = 60_000;
/** This machine's clock and the API's may differ by this much. */
const skewMs = 10 * minuteMs;
/** A create may be tried again for this long after its first attempt. */
const triesMs = 120 * minuteMs;
/** A smaller difference of the clocks needs no second window: `skewMs` covers it. */
const leastAheadMs = 5 * minuteMs;
/** No clock is further off: TLS would fail, since certificates are valid for 398 days at most. */
const mostAheadMs = 400 * dayMs;

/**
 * Gives the rows of the log in which a create may be, page by page. If the API's clock differs from this machine's, it
 * goes on with the rows of the same window by the API's clock. `windowOf` says where the row is if the clock is right.
 */
export async function* lookFor(
  sinceMs: number,
  reader: LogReader,
  windowOf: (sinceMs: number, nowMs: number) => LogWindow = windowAround,
): AsyncGenerator<LoggedRequest[], void, undefined> {
  const window = windowOf(sinceMs, Date.now());
  const aheadMs = yield* readLog(window, reader);
  if (aheadMs === undefined || Math.abs(aheadMs) < leastAheadMs || Math.abs(aheadMs) > mostAheadMs) return;
  yield* readLog(moveWindow(window, aheadMs), reader);
}

/** The window of a create that was started at this time. */
function windowAround(startedAtMs: number, nowMs: number): LogWindow {
  // the clock was set back after the create, so that it does not tell how long ago the create was
  const wasSetBack = startedAtMs > nowMs + skewMs;
  const startMs = wasSetBack ? nowMs - dayMs : Math.min(startedAtMs, nowMs) - skewMs;
  const endMs = Math.min(Math.max(startedAtMs, nowMs) + skewMs, startedAtMs + triesMs);
  return { startMs, endMs: Math.min(endMs, startMs + longestWindowMs) };
}

/**
 * The window of a create that was ordered at this time: nobody knows how much later it was started. Of a longer time it is
 * the last 92 days.
 */
export function windowSince(orderedAtMs: number, nowMs: number): LogWindow {
  const endMs = nowMs + skewMs;
  // the clock was set back after the order, so that it does not tell how long ago the order was
  const wasSetBack = orderedAtMs > endMs;
  const startMs = wasSetBack ? -Infinity : Math.min(orderedAtMs, nowMs) - skewMs;
  return { startMs: Math.max(startMs, endMs - longestWindowMs), endMs };
}

/** The window, moved by the clocks' difference, without the part that was read before. */
function moveWindow({ startMs, endMs }: LogWindow, aheadMs: number): LogWindow {
  return aheadMs > 0
    ? { startMs: Math.max(startMs + aheadMs, endMs), endMs: endMs + aheadMs }
    : { startMs: startMs + aheadMs, endMs: Math.min(endMs + aheadMs, startMs) };
}
