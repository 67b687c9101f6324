import { dayMs, longestWindowMs } from './log.js';
import { type LoggedRequest, type LogReader, type LogWindow, readLog } from './log-pages.js';

const minuteMs = 60_000;
/** This machine's clock and the API's may differ by this much. */
const skewMs = 10 * minuteMs;
/** A create may be tried again for this long after its first attempt. */
const triesMs = 120 * minuteMs;
/** A smaller difference of the clocks is well within `skewMs`. */
const leastAheadMs = 5 * minuteMs;
// with a clock that is further off, this machine takes no TLS certificate: they are valid for 398 days at most
const mostAheadMs = 400 * dayMs;

/**
 * Gives all rows of the log among which that of a create may be: around the time of its start, and, where the clocks
 * differ, around the time at which the API's clock puts it.
 */
export async function* lookFor(
  startedAtMs: number,
  reader: LogReader,
): AsyncGenerator<LoggedRequest[], void, undefined> {
  const window = windowOf(startedAtMs, Date.now());
  const aheadMs = yield* readLog(window, reader);
  if (aheadMs === undefined || Math.abs(aheadMs) < leastAheadMs || Math.abs(aheadMs) > mostAheadMs) return;
  yield* readLog(moveWindow(window, aheadMs), reader);
}

/** Where the create's row is, if this machine's clock is right. */
function windowOf(startedAtMs: number, nowMs: number): LogWindow {
  // the clock was set back since then, so that nobody knows how long ago the create was
  const wasSetBack = startedAtMs > nowMs + skewMs;
  const startMs = wasSetBack ? nowMs - dayMs : Math.min(startedAtMs, nowMs) - skewMs;
  const endMs = Math.min(Math.max(startedAtMs, nowMs) + skewMs, startedAtMs + triesMs);
  return { startMs, endMs: Math.min(endMs, startMs + longestWindowMs) };
}

/** The window, moved by the clocks' difference, without the part that was read before. */
function moveWindow({ startMs, endMs }: LogWindow, aheadMs: number): LogWindow {
  return aheadMs > 0
    ? { startMs: Math.max(startMs + aheadMs, endMs), endMs: endMs + aheadMs }
    : { startMs: startMs + aheadMs, endMs: Math.min(endMs + aheadMs, startMs) };
}
