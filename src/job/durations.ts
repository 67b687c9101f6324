import { createSchedule, type Estimate, fastestMs, type Schedule } from './schedule.js';

/** Jobs after which an older one hardly counts any more. */
const memory = 32;
const maxKinds = 200;
/** A guess weighs as much as this many jobs. */
const guessWeight = 0.1;
/** The spread of the durations before any job was seen; it weighs as much as `usualWeight` jobs. */
const usualVariance = 0.2 ** 2;
const usualWeight = 2;
/** A standard deviation of 1: two thirds of the jobs take between 1/e and e times the median. */
const unknownVariance = 1;
/** For a model of which nothing is known. */
const anyVideo: Estimate = { medianMs: 120_000, variance: unknownVariance, from: 'nothing' };

/** Gives the durations of a model's jobs, or of its jobs with one variant (the resolution). */
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
  #seen = 0;
  /** Mean of the durations' logarithms; before the first job the logarithm of the guess, if there is one. */
  #mean: number | undefined;
  #variance = 0;
  #schedule: Schedule | undefined;

  /** `ofModel` are the same model's jobs of any variant: their mean is the guess for this variant. */
  constructor(guessMs: number | undefined, ofModel?: Durations) {
    this.#mean = guessMs === undefined ? undefined : Math.log(guessMs);
    this.#ofModel = ofModel;
  }

  /** Takes in a job that ended well. */
  learn(durationMs: number): void {
    this.#ofModel?.learn(durationMs);
    this.#seen += 1;
    const count = Math.min(this.#seen, memory);
    const value = Math.log(Math.max(durationMs, fastestMs));
    const before = this.#mean ?? value;
    const mean = before + (value - before) / count;
    this.#variance += ((value - before) * (value - mean) - this.#variance) / count;
    this.#mean = mean;
    // after 32 jobs, only every 32nd makes a new schedule: one for each of thousands of waits takes too much memory
    if (this.#seen % count === 0) this.#schedule = undefined;
  }

  /** The same schedule for every wait, until enough is learned for a better one. */
  schedule(): Schedule {
    this.#schedule ??= createSchedule(this.#estimate());
    return this.#schedule;
  }

  #estimate(): Estimate {
    const guess = (this.#ofModel ?? this).#mean;
    if (guess === undefined) return anyVideo;
    const count = Math.min(this.#seen, memory);
    const weight = guessWeight + count;
    const mean = (guessWeight * guess + count * (this.#mean ?? guess)) / weight;
    const spread = (usualWeight * usualVariance + count * this.#variance) / (usualWeight + count);
    // the median is an estimate too: the fewer jobs were seen, the wider the spread has to be
    const variance = spread * (1 + 1 / weight);
    return { medianMs: Math.exp(mean), variance, from: count > 0 ? 'seen' : 'guess' };
  }
}
