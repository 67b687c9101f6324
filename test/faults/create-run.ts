import {
  type createWan,
  mayHaveBeenPaid,
  OutcomeUnknownError,
  type Spending,
  UnexpectedResponseError,
  WanError,
} from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import type { CreateContext, CreateFault, Verdict } from './create-faults.js';
import {
  Caller,
  type Came,
  check,
  type Ending,
  endingOf,
  key,
  MemoryFetch,
  type Sent,
  stalls,
} from './memory-fetch.js';
import type { Outcome } from './sequences.js';
import type { Transport } from './wire-faults.js';

type Client = ReturnType<typeof createWan>;
type Kind = CreateContext['kind'];

const paths = { image: '/v1/images/generations', video: '/v2/video/generations' };
const timeoutMs = { image: 180_000, video: 60_000 };
const models = { image: 'wan2.5-t2i-preview', video: 'wan2.2-t2v-plus' } as const;

/** One create through the faults, in this order, and then none. Throws where it breaks a promise. */
export async function runCreate(
  wan: Client,
  kind: Kind,
  transport: Transport,
  faults: readonly CreateFault[],
  maxRetries = 4,
): Promise<Outcome> {
  const api = createFakeApi();
  const context: CreateContext = { kind, transport, path: paths[kind], made: { headers: {}, body: '' } };
  const caller = new Caller();
  const answers: Came[] = [];
  const startedAtMs = Date.now();
  const before = wan.spending();

  const carryOut = async ({ url, init }: Sent) => {
    const { method, headers, body = '' } = init;
    const answer = await api.fetch(url, { method, headers, body });
    context.made = { headers: Object.fromEntries(answer.headers), body: await answer.text() };
  };
  const memory = new MemoryFetch(transport, async (sent, count) => {
    const fault = faults[count - 1];
    if (!fault || fault.accepted) await carryOut(sent);
    const came = fault ? fault.came(context) : { status: 200, ...context.made };
    answers.push(came);
    if (fault?.abortAfterMs !== undefined) caller.abortAfter(fault.abortAfterMs);
    return came;
  });
  const options = { signal: caller.signal, maxRetries };
  const ending = await endingOf<object>(memory, () =>
    kind === 'image'
      ? wan.generateImage({ model: models.image, prompt: 'x', image_size: 'square' }, options)
      : wan.generateVideo({ model: models.video, prompt: 'x' }, options),
  );

  const { sent } = memory;
  const { requests, paid, verdict } = foresee(faults, context, maxRetries);
  check(sent.length === requests, () => `${sent.length} requests, not ${requests}`);
  check(api.generations === paid && paid <= 1, () => `paid for ${api.generations} times, not ${paid}`);
  if (verdict !== 'made') {
    const { error } = ending;
    check(
      paid === 0 || mayHaveBeenPaid(error),
      () => 'mayHaveBeenPaid() is false of a create that was billed',
    );
  }
  checkSpending(before, wan.spending(), api.charged);
  checkRequests(sent, kind, faults, startedAtMs);
  const came = answers.at(-1);
  if (verdict === 'reason') caller.checkEnding(ending);
  else {
    checkEnding(ending, verdict, { context, came, sent });
    const tookMs = ending.atMs - (sent.at(-1)?.atMs ?? 0);
    const expectedMs = stalls(came) ? timeoutMs[kind] : 0;
    check(tookMs === expectedMs, () => `the last attempt took ${tookMs} ms, not ${expectedMs}`);
  }
  caller.checkNothingLeft();
  return {
    wentOn: sent.length > faults.length,
    paid,
    requests,
    ending: verdict,
  };
}

/** What was charged is spent or reserved, and where nothing is reserved it is exactly what is spent. */
function checkSpending(before: Spending, after: Spending, chargedUsd: number): void {
  const credits = (usd: number) => Math.round(usd * 2_000_000);
  const spent = credits(after.usd) - credits(before.usd);
  const reserved = credits(after.reservedUsd) - credits(before.reservedUsd);
  const charged = credits(chargedUsd);
  const holds = reserved === 0 ? charged === spent : charged <= spent + reserved;
  check(holds, () => `charged ${charged} credits: ${spent} are spent, and ${reserved} reserved`);
}

/** What DESIGN.md promises of the sequence. */
function foresee(
  faults: readonly CreateFault[],
  context: CreateContext,
  maxRetries: number,
): { requests: number; paid: number; verdict: Verdict } {
  for (const [index, fault] of faults.entries()) {
    const told = fault.verdict(context);
    const isLast = index === maxRetries && told === 'again';
    const verdict = isLast ? fault.afterAll : told;
    if (verdict !== 'again') return { requests: index + 1, paid: fault.accepted ? 1 : 0, verdict };
  }
  return { requests: faults.length + 1, paid: 1, verdict: 'made' };
}

/** Every attempt is the same request, and the pauses between them are those of the backoff, or those that were asked for. */
function checkRequests(
  sent: readonly Sent[],
  kind: Kind,
  faults: readonly CreateFault[],
  startedAtMs: number,
): void {
  const [first] = sent;
  check(first?.atMs === startedAtMs, () => 'the first attempt came late');
  const id = first.init.headers['x-client-request-id'];
  check(/^[\w-]{36}$/.test(id ?? ''), () => 'there is no client request id');
  for (const [index, { url, init, atMs }] of sent.entries()) {
    check(init.method === 'POST' && url.pathname === paths[kind], () => `${init.method} ${url.pathname}`);
    check(init.headers['x-client-request-id'] === id, () => 'an attempt has another client request id');
    check(init.body === first.init.body, () => 'an attempt has another body');
    if (index === 0) continue;
    const pauseMs = atMs - (sent[index - 1]?.atMs ?? 0);
    const askedMs = faults[index - 1]?.askedMs ?? 0;
    const fullMs = Math.min(8_000, 500 * 2 ** (index - 1));
    const isRight = pauseMs >= Math.max(askedMs, fullMs / 2) && pauseMs <= Math.max(askedMs, fullMs);
    check(isRight, () => `the pause before attempt ${index + 1} was ${pauseMs} ms`);
  }
}

interface Facts {
  context: CreateContext;
  came: Came | undefined;
  sent: readonly Sent[];
}

function checkEnding(ending: Ending<object>, verdict: Verdict, { context, came, sent }: Facts): void {
  const { value, error } = ending;
  const { made } = context;
  if (verdict === 'made') {
    check(value !== undefined, () => `it failed: ${error}`);
    const given = JSON.stringify(value);
    const body = context.kind === 'image' ? JSON.parse(made.body) : undefined;
    const expected: unknown = body ? body.data[0].url : made.headers['x-inference-id'];
    check(typeof expected === 'string' && given.includes(JSON.stringify(expected)), () => `it gave ${given}`);
    if (context.kind === 'video') check(Reflect.get(value, 'id') === expected, () => `it gave ${given}`);
    return;
  }
  check(value === undefined, () => `it gave ${JSON.stringify(value)} instead of ${verdict}`);
  check(error instanceof WanError && error.name === verdict, () => `it gave ${error} instead of ${verdict}`);
  const shown = `${error.message} ${JSON.stringify(error)}`;
  check(!shown.includes(key), () => 'an error shows the key');
  const answer = typeof came === 'object' && 'status' in came ? came : undefined;
  if (!answer) {
    if (verdict === 'ConnectionError') {
      check(Reflect.get(error, 'attempts') === sent.length, () => 'the error has a wrong number of attempts');
    }
  } else {
    // a status that no HTTP answer has is still a fact
    check(Reflect.get(error, 'status') === answer.status, () => 'the error has another status');
  }
  const id = sent[0]?.init.headers['x-client-request-id'];
  if (verdict !== 'ConnectionError')
    check(Reflect.get(error, 'clientRequestId') === id, () => 'the error has no client request id');
  if (!(error instanceof OutcomeUnknownError || error instanceof UnexpectedResponseError)) return;
  check(error.inferenceId === answer?.headers?.['x-inference-id'], () => 'the id of the header is lost');
  if (error instanceof UnexpectedResponseError) {
    check(JSON.stringify(error.body) === answer?.body, () => 'the paid answer is lost');
  } else {
    check(
      error.body === (answer && (answer.body ?? '')),
      () => `a part of the answer is lost: ${error.body}`,
    );
    check(error.model === `alibaba/${models[context.kind]}`, () => `the error has the model ${error.model}`);
  }
}
