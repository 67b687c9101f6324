import { backoffMs } from '../http/retry.js';

/*
 * When to ask for a job's status next.
 *
 * Why: asking every `d` finds the end of a job `d / 2` late on average, and a small `d` costs requests. For most of its
 * life a job is not about to end, so the requests are better spent around its likely end.
 *
 * Formula: let `h` be the hazard rate, the chance that the job ends now, given that it has not ended yet; `S` the chance
 * that it still runs; `f = h S` the density of its end. The expected delay is the integral of `f d / 2`, the expected
 * number of requests that of `S / d`. The least delay for a given number of requests is at `d = c / sqrt(h)`.
 * The rates `1 / d` are summed up over the job's age, and a check is due whenever the sum has grown by one: a pause
 * gets shorter where the hazard rises during it. `c` is found by halving: the smallest with which the expected requests
 * are no more than those of asking every 10.7 s. That is less than 10 s would cost, as the spread is itself estimated.
 *
 * Durations: log-logistic, which is close to log-normal, has heavier tails, and needs no special function. With the
 * median `m`, the standard deviation `s` of the logarithm, `b = pi / (sqrt(3) s)` and `o = (age / m) ** b`:
 * `S = 1 / (1 + o)` and `h = b / age * o / (1 + o)`; half of the jobs of this age end by `m (1 + 2 o) ** (1 / b)`.
 * `m` and `s` come from the jobs of this model and resolution that were seen to end. A guess weighs as much as a tenth
 * of a job in `m`: the model's jobs of any resolution, else what is said of the model. Before the first job `s` is 0.66,
 * so that the guess may be wrong by three times. Where there is no guess, it is 2 minutes, with an `s` of 1.
 *
 * Limits: 1 s to 15 s between two checks, to 12 s before the first job was seen. Delay times requests is, next to fixed
 * polling, the mean rate before the end by the rate at the end; so the rate never falls more than 5 % below the mean so
 * far, and a guess that is wrong costs little, whichever way. It stops at what one client sees: nothing is kept for
 * the next process, each model and resolution learns on its own, a change of pace is noticed as the last 32 jobs fade,
 * and durations in two clusters (short and long videos, say) are one wide spread to it.
 */
const fastestMs = 1_000;
const slowestMs = 15_000;
const slowestGuessedMs = 12_000;
const budgetMs = 10_700;
const slack = 1.05;
const anyVideoMs = 120_000;
const memory = 32;
const maxKinds = 200;
/** Cells of a plan's table: up to 8 medians, after which the rate stays. */
const cells = 256;
const cellsPerMedian = 32;
const maxAgeMs = 7 * 24 * 3_600_000;

/** Jobs that take about as long as each other. */
export interface Kind {
  /** Nothing is learned of a job without one. */
  model?: string | undefined;
  /** The resolution that was asked for, `''` where none was; `undefined` where nobody knows. */
  variant?: string | undefined;
}

/** The pace of a kind of job, by what was known when the plan was made. Ages are milliseconds since the create. */
export interface Plan {
  nextDelayMs(ageMs: number): number;
  /** Empty where nothing is known of the model. */
  outlook(ageMs: number): Outlook;
}

export interface Outlook {
  /** The median of what is left. */
  etaMs?: number;
  /** The share of the likely whole that is over: it grows with the age, and stays below 1. */
  progress?: number;
}

export interface Pace {
  /** Takes in a job that ended well. */
  learn(kind: Kind, durationMs: number): void;
  /** The same plan for every wait, until enough is learned for a better one. `typicalMs` is what is said of the model. */
  plan(kind: Kind, typicalMs?: number): Plan;
}

interface Seen {
  total: number;
  /** How much the jobs seen count for, older ones having faded. */
  count: number;
  /** Of the durations' logarithms. */
  mean: number;
  squares: number;
  plan?: Plan;
  plannedAt: number;
}

/** What one client learns of how long jobs take. It has no clock. */
export function createPace(): Pace {
  const kinds = new Map<string, Seen>();
  const recall = (key: string): Seen => {
    const known = kinds.get(key);
    if (known) return known;
    for (const oldest of kinds.keys()) if (kinds.size >= maxKinds) kinds.delete(oldest);
    const seen = { total: 0, count: 0, mean: 0, squares: 0, plannedAt: 0 };
    kinds.set(key, seen);
    return seen;
  };
  const recallBoth = ({ model = '', variant }: Kind) => {
    const all = recall(model);
    return { all, own: variant === undefined ? all : recall(`${model} ${variant}`) };
  };
  return {
    learn(kind, durationMs) {
      if (!kind.model || !(durationMs >= 1 && durationMs <= maxAgeMs)) return;
      const { all, own } = recallBoth(kind);
      for (const seen of new Set([all, own])) add(seen, Math.log(durationMs));
    },
    plan(kind, typicalMs) {
      const { all, own } = recallBoth(kind);
      // a plan of its own for each of thousands of waits would weigh more than it is better
      if (!own.plan || all.total > own.plannedAt * 1.125) {
        own.plan = toPlan(own, all.count ? Math.exp(all.mean) : typicalMs);
        own.plannedAt = all.total;
      }
      return own.plan;
    },
  };
}

function add(seen: Seen, value: number): void {
  const kept = Math.min(seen.count, memory - 1);
  const step = value - seen.mean;
  if (kept < seen.count) seen.squares *= kept / seen.count;
  seen.total += 1;
  seen.count = kept + 1;
  seen.mean += step / seen.count;
  seen.squares += step * (value - seen.mean);
}

function toPlan({ count, mean, squares }: Seen, guessMs = 0): Plan {
  const informed = guessMs >= 1 && guessMs <= maxAgeMs;
  const weight = 0.1 + count;
  const logMedian = informed ? (0.1 * Math.log(guessMs) + count * mean) / weight : Math.log(anyVideoMs);
  // two jobs' worth of a usual spread of 0.2; the last factor is for not knowing the median
  const variance = informed ? ((2 * 0.2 ** 2 + squares) / (2 + count)) * (1 + 1 / weight) : 1;
  const medianMs = Math.max(Math.exp(logMedian), fastestMs);
  const power = Math.PI / Math.sqrt(3 * variance);
  const cellMs = medianMs / cellsPerMedian;
  const lowest = 1 / (count ? slowestMs : slowestGuessedMs);
  const rates = new Float64Array(cells);

  /** Fills in the rates; above 0 where they cost more than the budget. */
  const overspend = (scale: number): number => {
    let [due, excess] = [0, 0];
    for (let cell = 0; cell < cells; cell += 1) {
      const time = (cell + 0.5) / cellsPerMedian;
      const odds = time ** power;
      const wanted = scale * Math.sqrt(odds / (1 + odds) / time);
      const rate = clamp(Math.max(wanted, due / (time * medianMs * slack)), lowest, 1 / fastestMs);
      rates[cell] = rate;
      due += rate * cellMs;
      excess += (rate - 1 / budgetMs) / (1 + odds);
    }
    return excess;
  };
  let [low, high] = [0, 5 / fastestMs];
  for (let turn = 0; turn < 12; turn += 1) {
    const middle = (low + high) / 2;
    if (overspend(middle) > 0) high = middle;
    else low = middle;
  }
  overspend(low);

  return {
    nextDelayMs(ageMs) {
      const start = saneAge(ageMs) / cellMs;
      let [at, left] = [start, 1 / cellMs];
      // 15 s hold 480 cells at the very most
      for (let cell = Math.floor(start); ; cell += 1) {
        const rate = rates[Math.min(cell, cells - 1)] ?? 1;
        const room = rate * (cell + 1 - at);
        if (left <= room) return Math.round(clamp((at + left / rate - start) * cellMs, fastestMs, slowestMs));
        left -= room;
        at = cell + 1;
      }
    },
    outlook(ageMs) {
      if (!informed) return {};
      const age = saneAge(ageMs);
      const end = medianMs * (1 + 2 * (age / medianMs) ** power) ** (1 / power);
      return { etaMs: Math.round(end - age), progress: Math.round((age / end) * 1e4) / 1e4 };
    },
  };
}

function saneAge(ageMs: number): number {
  return clamp(ageMs || 0, 0, maxAgeMs);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Milliseconds to the next check after `troubles` failed ones in a row: backs off, never below the interval. */
export function delayMs(interval: number, troubles: number, retryAfterMs = 0): number {
  return Math.max(interval, retryAfterMs, backoffMs(troubles, { baseMs: interval, capMs: 30_000 }));
}
