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
 * Gives the rows of the log around the start of a create, page by page. If the API's clock differs from this machine's,
 * it goes on with the rows around the start by the API's clock.
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

/** Where the row of the create is, if this machine's clock is right. */
function windowOf(startedAtMs: number, nowMs: number): LogWindow {
  // the clock was set back after the create, so that it does not tell how long ago the create was
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
