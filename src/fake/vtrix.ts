import { randomUUID } from 'node:crypto';
import { billedCreditsPerUsd } from './answers.js';
import { clipSeconds } from './clip.js';
import type { Fault, Route } from './faults.js';
import { findIssues, type Rule } from './issues.js';
import { shareOf, statusOf } from './jobs.js';
import type { World } from './world.js';

/** Answers requests to Vtrix's paths. */

const createPath = '/model/v1/generation';
const taskPath = '/model/v1/generation/task/';

const maxVtrixSeed = 2_147_483_647;
const videoSizes = [
  '832*480',
  '480*832',
  '624*624',
  '1920*1080',
  '1080*1920',
  '1440*1440',
  '1632*1248',
  '1248*1632',
];

// no maxLength: Vtrix's documentation says that it shortens long texts instead of refusing them
const paramsRule: Rule = {
  type: 'object',
  required: ['input'],
  properties: {
    input: {
      type: 'object',
      required: ['prompt'],
      properties: { prompt: { type: 'string' }, negative_prompt: { type: 'string' } },
    },
    parameters: {
      type: 'object',
      required: [],
      properties: {
        size: { type: 'string', enum: videoSizes },
        duration: { type: 'integer', minimum: 5, maximum: 5 },
        prompt_extend: { type: 'boolean' },
        watermark: { type: 'boolean' },
        seed: { type: 'integer', minimum: 0, maximum: maxVtrixSeed },
      },
    },
  },
};
const inputArrayRule: Rule = {
  type: 'array',
  minItems: 1,
  maxItems: 1,
  items: { type: 'object', required: ['params'], properties: { params: paramsRule } },
};

const vtrixModel = 'wan22_t2v_plus';
/** An invented price, in US dollars. */
const usdPerVideo = 0.1;

export function isVtrix(path: string): boolean {
  return path.startsWith('/model/');
}

export function routeOfVtrix(method: string, path: string): Route | undefined {
  if (method === 'POST' && path === createPath) return 'video';
  return method === 'GET' && path.startsWith(taskPath) ? 'status' : undefined;
}

export function answerVtrix(
  world: World,
  route: Route,
  url: URL,
  body: unknown,
  fault: Fault | undefined,
): Response {
  return route === 'video' ? answerVtrixCreate(world, url, body) : answerVtrixStatus(world, url, fault);
}

export function answerVtrixUnauthorized(): Response {
  return answerVtrixProblem(401, 'Unauthorized', 'invalid token');
}

function answerVtrixCreate(world: World, url: URL, body: unknown): Response {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  if (fields.model !== vtrixModel) return answerVtrixProblem(400, 'InvalidParameter', 'model is not found');
  const flat = world.options.vtrixBody === 'flat';
  const [issue] = flat ? findIssues(paramsRule, fields) : findIssues(inputArrayRule, fields.input, ['input']);
  if (issue) return answerVtrixProblem(400, 'InvalidParameter', `${issue.path.join('.')}: ${issue.message}`);
  const credits = usdPerVideo * billedCreditsPerUsd;
  if (!world.account.canPay(credits)) {
    return answerVtrixProblem(403, 'InsufficientBalance', 'the balance is insufficient');
  }
  world.generations += 1;
  const { id, createdMs, failure } = world.startJob(url, randomUUID(), vtrixModel);
  if (!failure) world.account.charge(credits);
  return answerVtrixJson({
    id,
    created_at: createdMs,
    status: vtrixTiming(world).statuses[0] ?? 'in_queue',
    model: vtrixModel,
  });
}

function answerVtrixStatus(world: World, url: URL, fault: Fault | undefined): Response {
  const job = world.jobs.get(decodeURIComponent(url.pathname.slice(taskPath.length)));
  if (job?.model !== vtrixModel) return answerVtrixProblem(404, 'TaskNotFound', 'task not found');
  const base = { id: job.id, created_at: job.createdMs, model: vtrixModel };
  if (fault?.kind === 'status') return answerVtrixJson({ ...base, status: fault.status });
  if (fault?.kind === 'no-video') return answerVtrixJson({ ...base, status: 'completed', output: [] });
  const status = statusOf(job, vtrixTiming(world), Date.now());
  if (status === 'error') {
    return answerVtrixJson({
      ...base,
      status: 'failed',
      error: { code: job.failure?.name, message: job.failure?.message },
    });
  }
  if (status !== 'completed') {
    const progress = Math.round(shareOf(job, vtrixTiming(world), Date.now()) * 100) / 100;
    return answerVtrixJson({ ...base, status, ...(status === 'in_progress' && { progress }) });
  }
  const link = world.makeVideoLink(url, job);
  const content = [{ type: 'video', url: link, jobId: `task-${job.id}`, duration: clipSeconds }];
  return answerVtrixJson({
    ...base,
    status,
    output: [{ content }],
    usage: { cost: String(usdPerVideo), discount: 0 },
  });
}

function vtrixTiming(world: World) {
  return world.timingWith(['in_queue', 'in_progress']);
}

/** Makes an error answer in Vtrix's form. */
export function answerVtrixProblem(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return answerVtrixJson({ error: { code, message }, request_id: randomUUID() }, status, headers);
}

function answerVtrixJson(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}
