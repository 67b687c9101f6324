import { createSchedule, type Estimate, fastestMs, type Schedule } from './schedule.js';

/** So many jobs are remembered, the last ones: how fast a provider is changes within a day. */
const memory = 8;
const maxKinds = 200;
/** A guess weighs as much as this many jobs. */
const guessWeight = 0.1;
/** The spread of the durations before any job was seen; it weighs as much as `usualWeight` jobs. */
const usualVariance = 0.2 ** 2;
const usualWeight = 2;
/** A standard deviation of 1: two thirds of the jobs take between 1/e and e times the median. */
const unknownVariance = 1;
/** For a model of which nothing is known. */
const anyVideo: Estimate = { medianMs: 120_000, variance: unknownVariance, jobs: 0, isKnown: false };

/** Gives the durations of a model's jobs, or of its jobs with one variant (resolution and seconds, say). */
export type DurationsOf = (model: string | undefined, variant?: string) => Durations;

/**
 * Creates the memory of one client for how long jobs take. The next process starts without it. At 200 kinds of job it
 * forgets all, so that it cannot grow without end. `typicalMsOf` gives what the documentation says of a model.
 */
export function createDurations(typicalMsOf: (model: string | undefined) => number | undefined): DurationsOf {
  const byKind = new Map<string, Durations>();
  const recall = (kind: string, create: () => Durations): Durations => {
    const durations = byKind.get(kind) ?? create();
    if (byKind.size >= maxKinds) byKind.clear();
    byKind.set(kind, durations);
    return durations;
  };
  return (model, variant) => {
    const ofModel = recall(`${model}`, () => new Durations(typicalMsOf(model)));
    return recall(`${model} ${variant}`, () => new Durations(undefined, ofModel));
  };
}

/** The durations of jobs that take about as long as each other. */
export class Durations {
  readonly #ofModel: Durations | undefined;
  /** Logarithm of the guess. */
  readonly #guess: number | undefined;
  /** Logarithms of the last durations. */
  readonly #seen: number[] = [];
  #schedule: Schedule | undefined;

  /** `ofModel` are the same model's jobs of any variant: their mean is the guess for this variant. */
  constructor(guessMs: number | undefined, ofModel?: Durations) {
    this.#guess = guessMs === undefined ? undefined : Math.log(guessMs);
    this.#ofModel = ofModel;
  }

  /** Takes in a job that ended well. */
  learn(durationMs: number): void {
    this.#ofModel?.learn(durationMs);
    this.#seen.push(Math.log(Math.max(durationMs, fastestMs)));
    if (this.#seen.length > memory) this.#seen.shift();
    this.#schedule = undefined;
  }

  /** The best schedule by now. Do not keep it: one for each of thousands of waits takes too much memory. */
  schedule(): Schedule {
    this.#schedule ??= createSchedule(this.#estimate());
    return this.#schedule;
  }

  #estimate(): Estimate {
    const guess = this.#ofModel ? this.#ofModel.#mean() : this.#mean();
    if (guess === undefined) return anyVideo;
    const count = this.#seen.length;
    const seen = this.#mean() ?? guess;
    const weight = guessWeight + count;
    const mean = (guessWeight * guess + count * seen) / weight;
    const squares = this.#seen.reduce((sum, value) => sum + (value - seen) ** 2, 0);
    const spread = (usualWeight * usualVariance + squares) / (usualWeight + count);
    // the median is an estimate too: the fewer jobs were seen, the wider the spread has to be
    const variance = spread * (1 + 1 / weight);
    return { medianMs: Math.exp(mean), variance, jobs: count, isKnown: true };
  }

  /** Mean of the durations' logarithms; before the first job the logarithm of the guess, if there is one. */
  #mean(): number | undefined {
    const { length } = this.#seen;
    return length > 0 ? this.#seen.reduce((sum, value) => sum + value) / length : this.#guess;
  }
}
