// How contenders are set against each other: each in a process of its own, in turns, by medians.
import { fork } from 'node:child_process';

/**
 * @typedef {object} Context what a measurement gets
 * @property {string} folder where the peers are installed, and the files of the bench may be put
 * @property {boolean} isQuick fewer rounds, for a look at whether it works
 *
 * @typedef {object} Row one line of the table
 * @property {string} what
 * @property {string} who
 * @property {string} measured
 * @property {number} [ratio] ours, divided by this one
 * @property {string} [aim]
 * @property {boolean} [isMet]
 */

export function medianOf(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median, and from the least to the most. */
export function inShort(values, unit, digits = 1) {
  const [median, least, most] = [medianOf(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return values.length === 1 ? `${median} ${unit}` : `${median} ${unit} (${least} to ${most})`;
}

/**
 * Lets each contender have its turn in each round, and begins every round with another one, so that none always
 * follows the same. Gives what each brought, by name.
 *
 * @template T
 * @param {string[]} names
 * @param {number} rounds
 * @param {(name: string) => Promise<T>} measure
 * @returns {Promise<Record<string, T[]>>}
 */
export async function takeTurns(names, rounds, measure) {
  const brought = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      brought[name].push(await measure(name));
    }
  }
  return brought;
}

/** Starts a script of this folder in a process of its own, which answers one question after the other. */
export function startChild(file, { args = [], flags = [] } = {}) {
  const child = fork(new URL(file, import.meta.url), args, { execArgv: flags });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const ask = (question, details = {}) =>
    new Promise((resolve, reject) => {
      child.once('message', ({ answer, error }) => (error ? reject(new Error(error)) : resolve(answer)));
      void ended.then((how) => reject(new Error(`${file} ended (${how}) before it answered "${question}"`)));
      child.send({ question, details });
    });
  const end = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return { ask, end };
}

/** Runs `work` with a child, and ends that whatever happens. */
export async function withChild(file, options, work) {
  const child = startChild(file, options);
  try {
    return await work(child);
  } finally {
    await child.end();
  }
}

/** The child's side: answers the parent's questions by name, and ends with the parent. */
export function answerParent(answers) {
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ question, details }) => {
    try {
      process.send({ answer: await answers[question](details) });
    } catch (error) {
      process.send({ error: error.stack });
    }
  });
}
