const usual = { baseMs: 500, capMs: 8_000 };

/** Milliseconds to wait after a failed attempt: half fixed, half random, doubling, capped. `attempt` counts from 1. */
export function backoffMs(attempt: number, { baseMs, capMs } = usual): number {
  const full = Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (Math.random() * full) / 2);
}
