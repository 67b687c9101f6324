import { type createWan, JobError, type VideoUpdate, WanError } from '../../src/index.js';
import { Caller, type Came, check, type Ending, endingOf, key, MemoryFetch, stalls } from './memory-fetch.js';
import type { Outcome } from './sequences.js';
import { type WaitEnding, WaitModel } from './wait-model.js';
import { completed, jobId, statusPaths, type Trouble, unknownHere, videoUrl } from './wait-troubles.js';
import type { Transport } from './wire-faults.js';

type Client = ReturnType<typeof createWan>;

export interface WaitCase {
  intervalMs: number;
  maxWaitMs: number;
  /** Whether the better path never knows the job. */
  isElsewhere?: boolean;
}

const attemptMs = 60_000;

const done: Trouble = {
  name: 'completed',
  askedMs: 0,
  came: () => completed,
  meaning: () => ({ is: 'done' }),
};

/** One check of the wait. */
interface Check {
  trouble: Trouble;
  path: string;
  startMs: number;
  isFresh: boolean;
}

/** One wait through the troubles, in this order, and then `completed`. Throws where the wait breaks a promise. */
export async function runWait(
  wan: Client,
  transport: Transport,
  troubles: readonly Trouble[],
  { intervalMs, maxWaitMs, isElsewhere = false }: WaitCase,
): Promise<Outcome> {
  const caller = new Caller();
  const beganMs = Date.now();
  const checks: Check[] = [];
  const updates: VideoUpdate[] = [];
  let struck = 0;
  const memory = new MemoryFetch(transport, ({ url, init }): Came => {
    const { pathname, searchParams } = url;
    check(init.method === 'GET', () => 'a wait sent something that may be paid for');
    check(searchParams.get('generation_id') === jobId, () => `a check asks for ${url.search}`);
    const isHere = !isElsewhere || pathname !== statusPaths[0];
    const trouble = isHere ? (troubles[struck] ?? done) : unknownHere;
    if (isHere) struck += 1;
    const isFresh = init.fresh === true;
    checks.push({ trouble, path: pathname, startMs: Date.now() - beganMs, isFresh });
    if (trouble.abortAfterMs !== undefined) caller.abortAfter(trouble.abortAfterMs);
    return trouble.came(pathname);
  });
  const onUpdate = (update: VideoUpdate) => updates.push(update);
  const options = { signal: caller.signal, intervalMs, maxWaitMs, onUpdate };
  const ending = await endingOf(memory, () => wan.pollUntilDone(jobId, options));
  const endMs = ending.atMs - beganMs;
  const model = new WaitModel(transport, intervalMs);
  const expected = follow(model, checks, endMs, maxWaitMs);
  if (expected === 'reason') caller.checkEnding(ending);
  else checkEnding(ending, expected, model);
  checkUpdates(updates, checks, transport, expected);
  caller.checkNothingLeft();
  return {
    wentOn: struck > troubles.length,
    paid: 0,
    requests: checks.length,
    ending: expected,
  };
}

/** Follows the checks that were made; throws where one was made too early, too late, at the wrong path, or not at all. */
function follow(model: WaitModel, checks: readonly Check[], endMs: number, maxWaitMs: number): WaitEnding {
  const lastCheckMs = maxWaitMs - Math.min(2_000, maxWaitMs / 10);
  let [earliestMs, latestMs] = [0, 0];
  for (const [index, { trouble, path, startMs, isFresh }] of checks.entries()) {
    const which = `check ${index + 1}`;
    check(path === model.path, () => `${which} asks at ${path}`);
    check(isFresh === model.isFresh, () => `${which}: a new connection is ${isFresh ? '' : 'not '}asked for`);
    check(startMs >= earliestMs && startMs <= latestMs, () => `${which} came after ${startMs} ms`);
    const isStalled = stalls(trouble.came(path));
    const answeredMs = isStalled ? Math.min(startMs + attemptMs, maxWaitMs) : startMs;
    const isLast = index === checks.length - 1;
    const expected = model.take(trouble, answeredMs);
    if (expected !== undefined) {
      check(isLast, () => `the wait goes on after ${trouble.name}`);
      check(expected === 'reason' || endMs === answeredMs, () => `it ended after ${endMs} ms`);
      return expected;
    }
    const [leastMs, mostMs] = model.pauseMs(trouble.askedMs);
    // the last pause is cut, so that one more check starts and ends before the deadline
    const cut = (ms: number) => (answeredMs < lastCheckMs ? Math.min(ms, lastCheckMs) : ms);
    [earliestMs, latestMs] = [cut(answeredMs + leastMs), cut(answeredMs + mostMs)];
  }
  check(endMs === maxWaitMs, () => `it ended after ${endMs} ms, before its deadline`);
  check(latestMs >= maxWaitMs, () => `there was time for a check after ${earliestMs} to ${latestMs} ms`);
  return 'PollTimeoutError';
}

function checkEnding({ value, error }: Ending<object>, expected: WaitEnding, model: WaitModel): void {
  if (expected === 'Video') {
    check(value !== undefined, () => `it failed: ${error}`);
    const [id, url] = ['id', 'url'].map((name) => Reflect.get(value, name));
    check(id === jobId && url === videoUrl, () => `it gave ${id} at ${url}`);
    return;
  }
  check(value === undefined, () => `it gave ${JSON.stringify(value)} instead of ${expected}`);
  check(
    error instanceof JobError && error.name === expected,
    () => `it gave ${error} instead of ${expected}`,
  );
  check(error.job.id === jobId, () => `the job in the error is ${error.job.id}`);
  const { status } = error.job;
  check(status === model.status, () => `the job in the error is "${status}", not "${model.status}"`);
  const shown = `${error.message} ${JSON.stringify(error)}`;
  check(!shown.includes(key) && !shown.includes('Signature='), () => 'the error shows a secret');
}

/** The first update comes before any check; each of the others tells what its check brought. */
function checkUpdates(
  updates: readonly VideoUpdate[],
  checks: readonly Check[],
  transport: Transport,
  expected: WaitEnding,
): void {
  const told = expected === 'Video' || expected === 'PollTimeoutError' ? checks.length : checks.length - 1;
  // an abort in the pause comes after its check was told of
  const most = expected === 'reason' ? checks.length : told;
  const [first, ...ofChecks] = updates;
  // a signal that had aborted ends the wait before the first update
  check(first?.polls === 0 || expected === 'reason', () => `the first update counts ${first?.polls} checks`);
  const counts = ofChecks.map(({ polls }) => polls);
  check(
    counts.length >= told && counts.length <= most,
    () => `updates: ${counts}, for ${checks.length} checks`,
  );
  for (const { polls, trouble, video } of ofChecks) {
    const { is } = checks[polls - 1]?.trouble.meaning(transport) ?? { is: 'none' };
    const isWell = ['alive', 'empty', 'done', 'reason'].includes(is);
    check(isWell !== trouble instanceof WanError, () => `update ${polls} after "${is}" tells of ${trouble}`);
    check((video !== undefined) === (is === 'done'), () => `update ${polls} after "${is}" has ${video}`);
  }
}
