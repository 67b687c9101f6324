// One measure a fault: runs an SDK against a server that goes wrong, and tells in words and facts what came of it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeEnding, holds, inWords, nameOf, outcomeOf, untilTrue, within } from './outcome.mjs';
import { withServer } from './servers.mjs';

/** @typedef {{ text: string } & Record<string, unknown>} Cell what was measured of one SDK */

/** The bounds of every measure, and what all SDKs are given alike. */
export const limits = {
  attemptTimeoutMs: 1_000,
  createBoundMs: 60_000,
  outageIntervalMs: 500,
  outageBoundMs: 240_000,
  observedMs: 20_000,
  deadlineMs: 10_000,
  abortAfterMs: 250,
  abortSamples: 3,
  abortBoundMs: 30_000,
  saveBoundMs: 60_000,
};

const always = Number.POSITIVE_INFINITY;

export async function measureControl(sdk) {
  const [create] = Object.values(sdk.creates);
  const paid = await withServer(sdk.serve, {}, async (api) => {
    await create(api.url);
    return api.paid();
  });
  const { wait } = sdk;
  const waitedMs = await withServer(wait.serve ?? sdk.serve, {}, async (api) => {
    const startedMs = performance.now();
    await wait.start(api.url);
    return performance.now() - startedMs;
  });
  return { text: `${paid}; \`${wait.what}\` done after ${inWords(waitedMs)}`, paid, waitedMs };
}

/** Counts paid creates under a fault, for each kind of create that an SDK has. */
export function paidUnder(kind, attempt) {
  return async (sdk) => {
    const results = await Promise.all(
      Object.entries(sdk.creates).map(async ([made, create]) => {
        const [every, once] = await Promise.all([
          countPaid(sdk, create, { kind, times: always }, attempt),
          countPaid(sdk, create, { kind, times: 1 }, attempt),
        ]);
        const text = `**${every.paid}**, then ${every.ending}; struck once: ${once.paid}, then ${once.ending}`;
        return { made, text, every, once };
      }),
    );
    const same = results.every(({ text }) => text === results[0].text);
    const texts = same ? [results[0].text] : results.map(({ made, text }) => `${made}: ${text}`);
    return { text: texts.join('; '), results, ...(attempt && { gaveUpBy: sdk.gaveUpBy }) };
  };
}

function countPaid(sdk, create, fault, attempt) {
  return withServer(sdk.serve, { create: [fault] }, async (api) => {
    const outcome = await within(outcomeOf(create(api.url, attempt)), limits.createBoundMs);
    // a retry that is still on its way would be paid for as well
    await sleep(100);
    return { paid: api.paid(), ending: describeEnding(outcome, limits.createBoundMs) };
  });
}

export async function measureOutage(sdk) {
  const { wait } = sdk;
  const script = { poll: [{ kind: 'running' }, { kind: 'html', status: 503, times: 12 }] };
  return withServer(wait.serve ?? sdk.serve, script, async (api) => {
    const ended = outcomeOf(wait.start(api.url, { intervalMs: limits.outageIntervalMs }));
    const outcome = await within(ended, limits.outageBoundMs);
    const refusals = api.visits('poll').filter(({ status }) => status === 503);
    const [first] = refusals;
    if (!first) throw new Error('it asked for no status');
    const afterMs = (outcome?.endedMs ?? performance.now()) - first.startedMs;
    const facts = { seen: refusals.length, afterMs, ...endingOf(outcome, api) };
    if (!outcome) return { text: `neither lost nor done ${inWords(afterMs)} after the first 503`, ...facts };
    const text =
      'value' in outcome
        ? `**survived** all ${refusals.length}: done ${inWords(afterMs)} after the first`
        : `**lost** after ${inWords(afterMs)} and ${refusals.length} of them: ${withId(outcome, api)}`;
    return { text: inContext(sdk, text), ...facts };
  });
}

export async function measureUnknownWord(sdk) {
  const script = { poll: [{ kind: 'unknown', times: always }], pollDelayMs: 20 };
  const [asIs, limited] = await Promise.all([
    observe(sdk, script, {}),
    sdk.wait.deadline ? observe(sdk, script, { deadlineMs: limits.deadlineMs }) : undefined,
  ]);
  const texts = [asIs.text];
  if (asIs.waiting) {
    texts.push(limited ? `given ${inWords(limits.deadlineMs)}: ${limited.text}` : 'no deadline to be given');
  } else if (sdk.wait.deadline) texts.push(`its deadline: ${sdk.wait.deadline}`);
  return { text: inContext(sdk, texts.join('; ')), asIs, limited };
}

function observe(sdk, script, deadline) {
  const { wait } = sdk;
  return withServer(wait.serve ?? sdk.serve, script, async (api) => {
    const startedMs = performance.now();
    const ended = outcomeOf(wait.start(api.url, deadline));
    const outcome = await within(ended, limits.observedMs);
    const endedMs = outcome?.endedMs ?? performance.now();
    const polls = api.visits('poll');
    if (polls.length === 0) throw new Error('it asked for no status');
    const perSecond = polls.length / ((endedMs - polls[0].startedMs) / 1000);
    const facts = { waiting: !outcome, polls: polls.length, perSecond, ...endingOf(outcome, api) };
    // told that the job is done, every wait ends by itself
    api.lift();
    await within(ended, limits.abortBoundMs);
    const rate = `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} polls/s`;
    const text = outcome
      ? `${withId(outcome, api)}, after ${inWords(endedMs - startedMs)}`
      : `still waiting after ${inWords(limits.observedMs)}, ${rate}`;
    return { text, ...facts };
  });
}

export async function measureAbort(sdk) {
  const samples = await Promise.all(Array.from({ length: limits.abortSamples }, () => abortOnce(sdk)));
  const lates = samples.map(({ lateMs }) => lateMs).sort((a, b) => a - b);
  const endings = [...new Set(samples.map(({ ending }) => ending))];
  const span = [...new Set([lates[0], lates.at(-1)].map(inWords))].join(' to ');
  return { text: `${span}: ${endings.join(' or ')} (\`${sdk.abortable.what}\`)`, samples };
}

function abortOnce({ abortable, serve }) {
  const { script, until, start } = abortable;
  return withServer(serve, script, async (api) => {
    const controller = new AbortController();
    const reason = new Error('the user closed the page');
    const ended = outcomeOf(start(api.url, controller.signal));
    await untilTrue(() => api.visits(until).some(({ endedMs }) => until === 'create' || endedMs), 15_000);
    await sleep(limits.abortAfterMs);
    const abortedMs = performance.now();
    controller.abort(reason);
    const outcome = await within(ended, limits.abortBoundMs);
    const lateMs = (outcome?.endedMs ?? performance.now()) - abortedMs;
    const own = outcome && 'error' in outcome && outcome.error === reason;
    const ending = own ? "**the caller's reason**" : describeEnding(outcome, limits.abortBoundMs);
    return { lateMs, ending };
  });
}

export async function measureCutFile(sdk, folder) {
  const { save } = sdk;
  if (!save) return { text: 'no helper' };
  return withServer(save.serve ?? sdk.serve, { file: [{ kind: 'cut' }] }, async (api) => {
    const path = join(folder, `cut-${sdk.name}`);
    const { link, toPath } = await save.start(api.url);
    const outcome = await within(outcomeOf(toPath(path)), limits.saveBoundMs);
    const requests = api.visits('file').length;
    const left = await readFile(path).catch(() => undefined);
    const whole = Buffer.from(await (await fetch(link)).arrayBuffer());
    const file = !left
      ? 'no file'
      : left.equals(whole)
        ? '**whole file**'
        : `**a file of ${left.length} of ${whole.length} bytes**`;
    const ending = describeEnding(outcome, limits.saveBoundMs);
    const error = outcome && 'value' in outcome ? '' : `, ${ending}`;
    const text = `${file} after ${requests} request${requests > 1 ? 's' : ''}${error} (${save.what})`;
    return { text, requests, bytes: left?.length, wholeBytes: whole.length, ending };
  });
}

function endingOf(outcome, api) {
  if (!outcome) return {};
  const ending = describeEnding(outcome);
  return 'error' in outcome
    ? { ending, message: outcome.error.message, idInError: holds(outcome.error, api.jobId()) }
    : { ending };
}

function withId({ error, value }, api) {
  if (!error) return describeEnding({ value });
  return `${nameOf(error)}, the job's id ${holds(error, api.jobId()) ? 'in it' : 'not in it'}`;
}

/** Where a helper is not for pictures or videos, the cell says so. */
function inContext({ noWait, wait }, text) {
  return noWait ? `${noWait}; its \`${wait.what}\`: ${text}` : text;
}
