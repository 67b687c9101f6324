/*
 * When to check a job's status next.
 *
 * Goal: a check every `d` finds the end of a job `d / 2` late on average, and a small `d` costs requests. A job is
 * unlikely to end for most of its life, so the schedule spends the requests around its likely end.
 *
 * Formula: `h` is the hazard rate: the chance that the job ends now, given that it still runs. `S` is the chance that it
 * still runs, and `f = h S` the density of its end. The expected delay is the integral of `f d / 2`, the expected number
 * of requests that of `S / d`. For a given number of requests the delay is least at `d = c / sqrt(h)`. The rates `1 / d`
 * are summed up over the job's age; a check is due whenever the sum has grown by one. `c` is fitted so that the expected
 * requests are those of one check every 10.7 s. That is a little less than 10 s would cost, because the spread of the
 * durations is an estimate too.
 *
 * Durations are taken as log-logistic. That is close to log-normal, has heavier tails, and needs no special function.
 * With the median `m`, the standard deviation `s` of the logarithm, `b = pi / (sqrt(3) s)` and `o = (age / m) ** b`:
 * `S = 1 / (1 + o)` and `h = b / age * o / (1 + o)`. Half of the jobs of this age end by `m (1 + 2 o) ** (1 / b)`.
 *
 * Limits: 1 s to 30 s between two checks, at most 12 s before the first job was seen and 20 s before the second. The rate never falls more than
 * 5 % below its mean so far, so that a wrong guess costs little: delay times requests is, next to fixed polling, the
 * mean rate before the end divided by the rate at the end. From 4 medians on there is one check every 10.7 s.
 */
export const fastestMs = 1_000;
export const slowestMs = 30_000;
/** By the jobs that were seen; from two on it is `slowestMs`. One job tells nothing of the spread. */
const slowestAfterMs = [12_000, 20_000];
/** The schedule makes as many requests as checks at this interval. */
const budgetMs = 10_700;
/** The mean rate so far is at most this many times the rate. */
const mostBelowMean = 1.05;
/** The job's age is cut into cells of a 32nd of the median, up to 4 medians; each has its own rate. */
const cellsPerMedian = 32;
const medians = 4;
/** A delay is a multiple of this. */
const stepMs = 250;
const fittingTurns = 12;
/** Corrects a miss of the budget a little too far: that takes fewer turns. */
const fittingPower = 1.5;

/** What is known of how long a job takes. */
export interface Estimate {
  medianMs: number;
  /** Of the durations' logarithms. */
  variance: number;
  /** So many jobs of the kind were seen to end. */
  jobs: number;
  /** Whether it says more than that a video takes a while. */
  isKnown: boolean;
}

/** When to check a job. Ages are milliseconds since its create. */
export interface Schedule {
  nextDelayMs(ageMs: number): number;
  /** Empty where nothing is known of the model. */
  outlook(ageMs: number): Outlook;
}

export interface Outlook {
  /** The median of the milliseconds that are left. */
  etaMs?: number;
  /** The part of the likely duration that is over: it grows with the age and stays below 1. */
  progress?: number;
}

export function createSchedule(estimate: Estimate): Schedule {
  const { medianMs, variance, jobs, isKnown } = estimate;
  const power = Math.PI / Math.sqrt(3 * variance);
  const cellMs = medianMs / cellsPerMedian;
  const longestMs = slowestAfterMs[jobs] ?? slowestMs;
  const rates = fitRates(power, longestMs);
  return {
    nextDelayMs(ageMs) {
      let delay = 0;
      for (let due = 0; due < 1 && delay < longestMs; delay += stepMs)
        due += stepMs * (rates[Math.floor((ageMs + delay) / cellMs)] ?? 1 / budgetMs);
      return delay;
    },
    outlook(ageMs) {
      if (!isKnown) return {};
      const endMs = medianMs * (1 + 2 * (ageMs / medianMs) ** power) ** (1 / power);
      // rounded: the last digits of the quotient may go down while the age grows
      const progress = Math.round((ageMs / endMs) * 1e4) / 1e4;
      return { etaMs: Math.round(endMs - ageMs), progress };
    },
  };
}

/** Checks per millisecond, for each cell of the job's age. */
function fitRates(power: number, longestMs: number): number[] {
  const cells = Array.from({ length: medians * cellsPerMedian }, (_, cell) => {
    const age = cell + 0.5;
    const odds = (age / cellsPerMedian) ** power;
    const stillRuns = 1 / (1 + odds);
    return { age, stillRuns, wish: Math.sqrt((odds * stillRuns) / age), rate: 0 };
  });
  let scale = 1 / fastestMs;
  // each turn brings the expected requests closer to the budget
  for (let turn = 0; turn < fittingTurns; turn += 1) {
    let [due, expected, allowed] = [0, 0, 0];
    for (const cell of cells) {
      const lowest = Math.max(due / cell.age / mostBelowMean, 1 / longestMs);
      cell.rate = Math.min(Math.max(scale * cell.wish, lowest), 1 / fastestMs);
      due += cell.rate;
      expected += cell.rate * cell.stillRuns;
      allowed += cell.stillRuns / budgetMs;
    }
    scale *= (allowed / expected) ** fittingPower;
  }
  return cells.map(({ rate }) => rate);
}
