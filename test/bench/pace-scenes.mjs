// The jobs of the simulation of the pacing: which durations they have, and what the client knows before.

/** Seconds between which the run on a model's documentation page ended: that of each Wan model that has one. */
const documented = [
  ['wan2.5-t2v-preview', 30, 40],
  ['wan2.2-14b-animate-move, wan2.2-vace-fun (3 models)', 40, 50],
  ['wan-2-7-r2v', 120, 135],
  ['wan-2-6-t2v, wan-2-6-i2v', 150, 165],
  ['wan2.2-t2v-plus', 360, 370],
  ['wan2.1-t2v-plus', 430, 440],
];
const typicalSeconds = [35, 45, 127, 157, 365, 435];
const sigmas = [0.1, 0.2, 0.35];
/** The slowest jobs of a drifting day take 2.25 times as long as the quickest. */
const drift = 1.5;
const seenBeforeStep = 10;

/**
 * @typedef {object} Scene
 * @property {string} name
 * @property {(random: () => number, job: number) => number} draw Milliseconds of a client's n-th job.
 * @property {number | undefined} guessMs
 * @property {number} seen Jobs that the client has polled to their ends before.
 * @property {number} measured Jobs of each client that count.
 * @property {boolean} [isLearning] Whether the client learns from these too, one after the other.
 */

const logNormal = (medianMs, sigma) => (random) =>
  medianMs * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
const within = (fromMs, toMs) => (random) => fromMs + (toMs - fromMs) * random();

const run =
  (seen, factor = 0) =>
  ([name, from, to]) => ({
    name,
    draw: within(from * 1000, to * 1000),
    guessMs: (from + to) * 500 * factor,
    seen,
    measured: 5,
  });

const spread = (sigma, seen, factor) => (seconds) => ({
  name: `median ${seconds} s, sigma ${sigma}`,
  draw: logNormal(seconds * 1000, sigma),
  guessMs: seconds * 1000 * factor,
  seen,
  measured: 5,
});

/** Clients that go on and on. */
const steady = (sigma) => changing(sigma, 10, 100, () => 1);

const spreads = (seen, factor) => sigmas.flatMap((sigma) => typicalSeconds.map(spread(sigma, seen, factor)));

/** How fast the provider is changes from job to job: by `speedAt(job)`, as a factor of the duration. */
const changing = (sigma, seen, measured, speedAt) =>
  typicalSeconds.map((seconds) => {
    const draw = logNormal(seconds * 1000, sigma);
    return {
      name: `median ${seconds} s, sigma ${sigma}`,
      draw: (random, job) => draw(random) * speedAt(job),
      guessMs: seconds * 1000,
      seen,
      measured,
      isLearning: true,
    };
  });

/** Two days, after a day that was seen. */
const drifting = (sigma, jobsADay) =>
  changing(sigma, jobsADay, 2 * jobsADay, (job) => drift ** Math.sin((2 * Math.PI * job) / jobsADay));

/** The 20 jobs after the step. */
const stepping = (sigma, factor) =>
  changing(sigma, seenBeforeStep, 20, (job) => (job < seenBeforeStep ? 1 : factor));

/**
 * `aim`: what delay x requests may be on average of the rows, as a part of fixed 10 s. `isSafety`: the client knows
 * nothing, or nothing right.
 */
export const groups = [
  { title: 'Documented runs, nothing known', scenes: documented.map(run(0)), isSafety: true },
  { title: 'Documented runs, no job seen, the guess is that very run', scenes: documented.map(run(0, 1)) },
  { title: 'Documented runs, 5 jobs seen, no guess', scenes: documented.map(run(5)) },
  ...[1, 2, 5].flatMap((seen) =>
    sigmas.map((sigma, index) => ({
      title: `Log-normal, sigma ${sigma}, ${seen} job${seen > 1 ? 's' : ''} seen, the guess is right`,
      scenes: typicalSeconds.map(spread(sigma, seen, 1)),
      ...(seen === 5 && { aim: [0.3, 0.5, 0.7][index] }),
    })),
  ),
  ...sigmas.map((sigma) => ({
    title: `Log-normal, sigma ${sigma}, job after job, from the tenth on`,
    scenes: steady(sigma),
  })),
  ...[0.1, 0.2].flatMap((sigma) =>
    [50, 200].map((jobsADay) => ({
      title: `The speed drifts over a day of ${jobsADay} jobs, sigma ${sigma}`,
      scenes: drifting(sigma, jobsADay),
      ...(sigma === 0.1 && jobsADay === 200 && { aim: 0.35 }),
    })),
  ),
  ...[0.1, 0.2].flatMap((sigma) =>
    [2, 1.5, 1 / 1.5, 0.5].map((factor) => ({
      title: `After ${seenBeforeStep} jobs, they take ${factor.toFixed(2)} times as long, sigma ${sigma}`,
      scenes: stepping(sigma, factor),
      // the others are easier
      ...(factor === 0.5 && { aim: 0.73 }),
    })),
  ),
  { title: 'Log-normal, 5 jobs seen, the guess was three times too long', scenes: spreads(5, 3) },
  { title: 'Log-normal, no job seen, the guess is right', scenes: spreads(0, 1) },
  {
    title: 'Documented runs, the guess is three times too long',
    scenes: documented.map(run(0, 3)),
    isSafety: true,
  },
  {
    title: 'Documented runs, the guess is three times too short',
    scenes: documented.map(run(0, 1 / 3)),
    isSafety: true,
  },
  { title: 'Log-normal, the guess is three times too long', scenes: spreads(0, 3), isSafety: true },
  { title: 'Log-normal, the guess is three times too short', scenes: spreads(0, 1 / 3), isSafety: true },
  { title: 'Log-normal, nothing known', scenes: spreads(0, 0), isSafety: true },
];
