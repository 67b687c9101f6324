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
 * gets shorter where the hazard rises during it. `c` is fitted: the expected requests are those of asking every 10.7 s.
 * That is less than 10 s would cost, as the spread is itself estimated.
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
 * far, and a guess that is wrong costs little, whichever way. From 4 medians on it is one check every 10.7 s. It stops
 * at what one client sees: nothing is kept for the next process, each model and resolution learns on its own, a change
 * of pace is noticed as the last 32 jobs fade, all is forgotten at 200 kinds of job, and durations in two clusters
 * (short and long videos, say) are one wide spread to it.
 */
const fastestMs = 1_000;
const slowestMs = 15_000;
const slowestGuessedMs = 12_000;
const budgetMs = 10_700;
const slack = 1.05;
const anyVideoMs = 120_000;
const memory = 32;
const maxKinds = 200;
const cellsPerMedian = 32;
const medians = 4;
const stepMs = 250;

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

/** The jobs of a model and, where it is known, of the resolution that was asked for. */
export type Pace = (model: string | undefined, variant?: string) => Kind;

/** What one client learns of how long jobs take. It has no clock. `typicalMsOf`: what is said of a model. */
export function createPace(typicalMsOf: (model: string | undefined) => number | undefined): Pace {
  const kinds = new Map<string, Kind>();
  const recall = (key: string, all?: Kind, typicalMs?: number): Kind => {
    const kind = kinds.get(key) ?? new Kind(all, typicalMs);
    if (kinds.size >= maxKinds) kinds.clear();
    kinds.set(key, kind);
    return kind;
  };
  return (model, variant) => recall(`${model} ${variant}`, recall(`${model}`, undefined, typicalMsOf(model)));
}

/** Jobs that take about as long as each other, and what was seen of them. */
export class Kind {
  readonly #all: Kind | undefined;
  #total = 0;
  /** Of the durations' logarithms; until a job was seen, that of a guess, or 0. */
  #mean: number;
  #variance = 0;
  #plan: Plan | undefined;

  /** `all`: the same model's jobs of any resolution. */
  constructor(all?: Kind, typicalMs = 1) {
    this.#all = all;
    this.#mean = Math.log(typicalMs);
  }

  /** Takes in a job that ended well. */
  learn(durationMs: number): void {
    this.#all?.learn(durationMs);
    this.#total += 1;
    const count = Math.min(this.#total, memory);
    const value = Math.log(Math.max(durationMs, fastestMs));
    const step = value - this.#mean;
    this.#mean += step / count;
    this.#variance += (step * (value - this.#mean) - this.#variance) / count;
    // after the first 32 jobs every 32nd: a plan of its own for each of thousands of waits would weigh too much
    if (this.#total % count === 0) this.#plan = undefined;
  }

  /** The same plan for every wait, until enough is learned for a better one. */
  plan(): Plan {
    this.#plan ??= this.#toPlan();
    return this.#plan;
  }

  #toPlan(): Plan {
    const guess = (this.#all ?? this).#mean;
    const count = Math.min(this.#total, memory);
    const weight = 0.1 + count;
    const medianMs = guess ? Math.exp((0.1 * guess + count * this.#mean) / weight) : anyVideoMs;
    // two jobs' worth of a usual spread of 0.2; the last factor is for not knowing the median
    const known = ((2 * 0.2 ** 2 + count * this.#variance) / (2 + count)) * (1 + 1 / weight);
    const variance = guess ? known : 1;
    const power = Math.PI / Math.sqrt(3 * variance);
    const cellMs = medianMs / cellsPerMedian;
    const lowest = 1 / (count ? slowestMs : slowestGuessedMs);
    const rates: number[] = [];
    // each turn comes closer to the scale at which the expected requests are those of the budget
    for (let scale = 1 / fastestMs, turn = 0; turn < 12; turn += 1) {
      let [due, expected, allowed] = [0, 0, 0];
      for (let cell = 0; cell < medians * cellsPerMedian; cell += 1) {
        const age = cell + 0.5;
        const odds = (age / cellsPerMedian) ** power;
        const left = 1 / (1 + odds);
        const wanted = scale * Math.sqrt((odds * left) / age);
        const rate = Math.min(Math.max(wanted, due / age / slack, lowest), 1 / fastestMs);
        rates[cell] = rate;
        due += rate;
        expected += rate * left;
        allowed += left / budgetMs;
      }
      scale *= (allowed / expected) ** 1.5;
    }
    return {
      nextDelayMs(ageMs) {
        let delay = 0;
        for (let due = 0; due < 1 && delay < slowestMs; delay += stepMs)
          due += stepMs * (rates[Math.floor((ageMs + delay) / cellMs)] ?? 1 / budgetMs);
        return delay;
      },
      outlook(ageMs) {
        const endMs = medianMs * (1 + 2 * (ageMs / medianMs) ** power) ** (1 / power);
        // rounded, as the last digits would now and then go down
        const progress = Math.round((ageMs / endMs) * 1e4) / 1e4;
        return guess ? { etaMs: Math.round(endMs - ageMs), progress } : {};
      },
    };
  }
}

/** Milliseconds to the next check after `troubles` failed ones in a row: backs off, never below the interval. */
export function delayMs(interval: number, troubles: number, retryAfterMs = 0): number {
  return Math.max(interval, retryAfterMs, backoffMs(troubles, { baseMs: interval, capMs: 30_000 }));
}
