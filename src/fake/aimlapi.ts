import { randomUUID } from 'node:crypto';
import { answerOutOfCredits } from './account.js';
import { answerJson, answerProblem, billedCreditsPerUsd, makeCreateHeaders } from './answers.js';
import { answerCatalogue } from './catalogue.js';
import type { Fault, Route } from './faults.js';
import { makeId, statusOf } from './jobs.js';
import { drawPng } from './png.js';
import { creditsOf } from './prices.js';
import { findIssues, findRules, type Issue, idOf, type ModelRules, modelRules } from './rules.js';
import { toFileName, type World } from './world.js';

/** Answers requests to the AIML API's paths. */

type JsonObject = Record<string, unknown>;

const legacyPath = '/v2/generate/video/alibaba/generation';
const videoPaths = ['/v2/video/generations', legacyPath];

const defaultPixels: readonly [number, number] = [1024, 768];
const presetPixels: Readonly<Record<string, readonly [number, number]>> = {
  square_hd: [1024, 1024],
  square: [512, 512],
  portrait_4_3: [768, 1024],
  portrait_16_9: [576, 1024],
  landscape_4_3: [1024, 768],
  landscape_16_9: [1024, 576],
};

export function routeOfAimlapi(method: string, path: string): Route | undefined {
  const call = `${method} ${path}`;
  if (call === 'POST /v1/images/generations') return 'image';
  if (call === 'GET /v1/models') return 'catalogue';
  if (call === 'GET /v2/logs') return 'log';
  if (call === 'GET /v2/billing') return 'billing';
  if (call === 'GET /v1/key') return 'key';
  if (!videoPaths.includes(path)) return undefined;
  return method === 'POST' ? 'video' : method === 'GET' ? 'status' : undefined;
}

export function answerAimlapi(
  world: World,
  route: Route,
  request: Request,
  url: URL,
  body: unknown,
  fault: Fault | undefined,
): Response {
  switch (route) {
    case 'log':
      return world.log.answerQuery(url, world.options.logDelaySeconds ?? 0);
    case 'status':
      return answerAimlapiStatus(world, url, fault);
    case 'image':
    case 'video':
      return answerAimlapiCreate(world, route, request, url, body);
    case 'billing':
      return world.account.answerBalance();
    case 'key':
      return world.account.answerKey(keyOf(request) ?? '');
    default:
      return answerCatalogue(request, url);
  }
}

/** The key that a request carries. */
export function keyOf(request: Request): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
}

export function answerAimlapiUnauthorized(url: URL): Response {
  const message = 'This request requires a valid API key. You can create one at https://aimlapi.com/app/keys';
  return answerProblem(url, 401, 'UnauthorizedException', message);
}

function answerAimlapiCreate(
  world: World,
  kind: 'image' | 'video',
  request: Request,
  url: URL,
  body: unknown,
): Response {
  if (typeof body !== 'object' || body === null) {
    return answerProblem(url, 400, 'BadRequestException', 'Body validation error! Expected a JSON object');
  }
  const sent: JsonObject = { ...body };
  const model = String(sent.model);
  const rules = findRules(model);
  const { pathname } = url;
  if (!rules || !acceptsCreateAt(pathname, kind, rules)) {
    const options = Object.keys(modelRules).filter((id) => acceptsCreateAt(pathname, kind, modelRules[id]));
    const received = sent.model;
    return answerIssues(url, [
      { received, code: 'invalid_enum_value', options, path: ['model'], message: 'Invalid model' },
    ]);
  }
  const issues = findIssues(rules.body, sent);
  if (issues.length > 0) return answerIssues(url, issues);
  // the API ignores a field that the model does not have
  const names = Object.keys(rules.body.properties);
  const fields: JsonObject = Object.fromEntries(names.map((name) => [name, sent[name]]));
  const count = typeof fields.num_images === 'number' ? fields.num_images : 1;
  const [width, height] = pixelsOf(fields.image_size);
  const credits = creditsOf(idOf(model), { fields, images: count, pixels: width * height });
  if (!world.account.canPay(credits)) {
    logFailure(world, request, body);
    return answerOutOfCredits(url);
  }
  const id = makeId(world.generations, model);
  world.generations += 1;
  const made =
    kind === 'image' ? makeImages(world, url, id, fields, count) : startVideo(world, url, id, model);
  const status = world.jobs.get(id)?.failure ? 'failed' : 'succeeded';
  // a failed request is never charged
  if (status === 'succeeded') world.account.charge(credits);
  world.log.add(request, { status, model, credits, inferenceId: id });
  const usage = { credits_used: credits, usd_spent: credits / billedCreditsPerUsd };
  const headers = makeCreateHeaders(request, id, credits);
  return answerJson({ ...made, meta: { usage } }, headers, rules.legacy ? 201 : 200);
}

function acceptsCreateAt(path: string, kind: 'image' | 'video', rules: ModelRules | undefined): boolean {
  return rules?.kind === kind && (!rules.legacy || path === legacyPath);
}

function answerIssues(url: URL, issues: Issue[]): Response {
  return answerProblem(url, 400, 'BadRequestException', 'Invalid payload provided', { data: issues });
}

/** Logs a create that the API itself refused or failed. The log lists the create with 0 credits. */
export function logFailure(world: World, request: Request, body: unknown): void {
  const model = typeof body === 'object' && body !== null && 'model' in body ? String(body.model) : '';
  world.log.add(request, { status: 'failed', model, credits: 0, inferenceId: randomUUID() });
}

function makeImages(world: World, url: URL, id: string, fields: JsonObject, count: number): JsonObject {
  const [width, height] = pixelsOf(fields.image_size);
  const seed = typeof fields.seed === 'number' ? fields.seed : hashText(String(fields.prompt));
  const data = Array.from({ length: count }, (_, index) => {
    const bytes = () => drawOnce(width, height, seed + index);
    if (world.options.images === 'base64') {
      return { url: null, b64_json: Buffer.from(bytes()).toString('base64') };
    }
    const path = world.files.add(`${toFileName(id)}${index || ''}.png`, { contentType: 'image/png', bytes });
    return { url: world.makeLink('image', url, path) };
  });
  return { created: Date.now(), data };
}

function startVideo(world: World, url: URL, id: string, model: string): JsonObject {
  world.startJob(url, id, model);
  return { id, status: aimlapiTiming(world).statuses[0] ?? 'queued' };
}

function answerAimlapiStatus(world: World, url: URL, fault: Fault | undefined): Response {
  const id = url.searchParams.get('generation_id') ?? '';
  const job = world.jobs.get(id);
  const elsewhere = job && findRules(job.model)?.legacy && url.pathname !== legacyPath;
  if (!job || elsewhere) return answerProblem(url, 404, 'NotFoundException', 'Inference not found');
  const headers = { 'x-inference-id': id, 'x-request-id': randomUUID() };
  if (fault?.kind === 'status') return answerJson({ id, status: fault.status }, headers);
  if (fault?.kind === 'no-video') return answerJson({ id, status: 'completed', video: null }, headers);
  const status = statusOf(job, aimlapiTiming(world), Date.now());
  if (status === 'error') return answerJson({ id, status, video: null, error: job.failure }, headers);
  if (status !== 'completed') return answerJson({ id, status }, headers);
  return answerJson({ id, status, video: { url: world.makeVideoLink(url, job) } }, headers);
}

function aimlapiTiming(world: World) {
  return world.timingWith(['queued', 'generating']);
}

function pixelsOf(size: unknown): readonly [number, number] {
  if (typeof size === 'object' && size !== null && 'width' in size && 'height' in size) {
    return [Number(size.width), Number(size.height)];
  }
  return presetPixels[String(size)] ?? defaultPixels;
}

const maxDrawnPngs = 16;
const drawnPngs = new Map<string, Uint8Array>();

/** Draws a PNG, or returns the PNG that an earlier call drew: drawing is slow, and tests ask for the same PNG often. */
function drawOnce(width: number, height: number, seed: number): Uint8Array {
  const key = `${width}x${height}/${seed}`;
  const picture = drawnPngs.get(key) ?? drawPng(width, height, seed);
  if (drawnPngs.size >= maxDrawnPngs) drawnPngs.clear();
  drawnPngs.set(key, picture);
  return picture;
}

function hashText(text: string): number {
  return [...text].reduce((sum, letter) => (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
}
