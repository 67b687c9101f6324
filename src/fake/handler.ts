import { randomUUID } from 'node:crypto';
import { isPrivateHost } from '../media/hosts.js';
import { answerCatalogue, answerJson, answerProblem, creditsPerUsd, headersOf } from './answers.js';
import { clipBytes } from './clip.js';
import { type Fault, Faults, type Route } from './faults.js';
import { Files } from './files.js';
import { type Job, makeId, statusOf } from './jobs.js';
import { drawPng } from './png.js';
import { RequestLog } from './request-log.js';
import { findIssues, type Issue, modelRules } from './rules.js';
import { interrupt, interrupts, spoil } from './wire.js';

export interface FakeApiOptions {
  /** The one key that is let in. @defaultValue any */
  apiKey?: string;
  /** Seconds that a video takes. @defaultValue `3` */
  videoSeconds?: number;
  /** Status words on the way to `completed`, each for an equal share of the time. @defaultValue `['queued', 'generating']` */
  statuses?: readonly string[];
  /** Seconds that a link works. @defaultValue `86_400` */
  linkSeconds?: number;
  /** How images come: as links or as base64 in the answer. @defaultValue `'url'` */
  images?: 'url' | 'base64';
  /** Seconds until a request shows in the log. @defaultValue `0` */
  logDelaySeconds?: number;
  /** Whether the file server gives parts of a file (`Range`). @defaultValue `true` */
  ranges?: boolean;
}

/** A request that arrived. The key and signatures in it are masked. */
export interface FakeRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** The parsed JSON; absent where there was none. */
  body?: unknown;
}

type Fields = Record<string, unknown>;

const presetSizes: Readonly<Record<string, readonly [number, number]>> = {
  square_hd: [1024, 1024],
  square: [512, 512],
  portrait_4_3: [768, 1024],
  portrait_16_9: [576, 1024],
  landscape_4_3: [1024, 768],
  landscape_16_9: [1024, 576],
};

const videoPaths = ['/v2/video/generations', '/v2/generate/video/alibaba/generation'];

/** The API's behaviour, from a Request to a Response; knows no sockets. */
export class FakeHandler {
  readonly faults = new Faults();
  readonly requests: FakeRequest[] = [];
  /** Paid creates that were accepted. */
  generations = 0;
  readonly #options: Required<Omit<FakeApiOptions, 'apiKey'>> & Pick<FakeApiOptions, 'apiKey'>;
  readonly #files = new Files();
  readonly #jobs = new Map<string, Job>();
  readonly #log = new RequestLog();

  constructor(options: FakeApiOptions = {}) {
    this.#options = {
      videoSeconds: 3,
      statuses: ['queued', 'generating'],
      linkSeconds: 86_400,
      images: 'url',
      logDelaySeconds: 0,
      ranges: true,
      ...options,
    };
  }

  /** `signal` aborts when the asker has gone. */
  async handle(request: Request, signal: AbortSignal): Promise<Response> {
    const url = new URL(request.url);
    const source = await request.text();
    const body = parse(source);
    this.requests.push(toRecord(request, url, body));
    const route = this.#routeOf(request.method, url.pathname);
    if (!route)
      return answerProblem(url, 404, 'NotFoundException', `Cannot ${request.method} ${url.pathname}`);
    const fault = this.faults.takeFor(route, url.pathname);
    if (!fault || !interrupts(fault))
      return spoil(this.#answer(route, request, url, body, fault), fault, signal);
    if ('accepted' in fault && fault.accepted) this.#answer(route, request, url, body, undefined);
    else if (fault.kind === 'error' && (route === 'image' || route === 'video'))
      this.#logFailure(request, body);
    return interrupt(fault, url, signal);
  }

  #routeOf(method: string, path: string): Route | undefined {
    const call = `${method} ${path}`;
    if (call === 'POST /v1/images/generations') return 'image';
    if (call === 'GET /v1/models') return 'catalogue';
    if (call === 'GET /v2/logs') return 'log';
    if (videoPaths.includes(path))
      return method === 'POST' ? 'video' : method === 'GET' ? 'status' : undefined;
    return method === 'GET' && this.#files.has(path) ? 'file' : undefined;
  }

  #answer(route: Route, request: Request, url: URL, body: unknown, fault: Fault | undefined): Response {
    if (route === 'file') return this.#files.serve(request, url, this.#options.ranges);
    if (route === 'catalogue') return answerCatalogue(url);
    const key = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
    if (!key || (this.#options.apiKey !== undefined && key !== this.#options.apiKey)) {
      const message =
        'This request requires a valid API key. You can create one at https://aimlapi.com/app/keys';
      return answerProblem(url, 401, 'UnauthorizedException', message);
    }
    if (route === 'log') return this.#log.answer(url, this.#options.logDelaySeconds);
    return route === 'status' ? this.#status(url, fault) : this.#create(route, request, url, body);
  }

  #create(kind: 'image' | 'video', request: Request, url: URL, body: unknown): Response {
    if (typeof body !== 'object' || body === null) {
      return answerProblem(url, 400, 'BadRequestException', 'Body validation error! Expected a JSON object');
    }
    const fields: Fields = { ...body };
    const model = String(fields.model);
    const rules = modelRules[model];
    if (rules?.kind !== kind) {
      const options = Object.keys(modelRules).filter((id) => modelRules[id]?.kind === kind);
      return refuse(url, [
        {
          received: fields.model,
          code: 'invalid_enum_value',
          options,
          path: ['model'],
          message: 'Invalid model',
        },
      ]);
    }
    const issues = findIssues(rules.body, fields);
    if (issues.length > 0) return refuse(url, issues);
    this.generations += 1;
    const id = makeId(this.generations - 1, model);
    const count = typeof fields.num_images === 'number' ? fields.num_images : 1;
    const credits = rules.credits * count;
    const made = kind === 'image' ? this.#images(url, id, fields, count) : this.#start(url, id, model);
    const status = this.#jobs.get(id)?.failure ? 'failed' : 'succeeded';
    this.#log.add(request, { status, model, credits, inferenceId: id });
    const usage = { credits_used: credits, usd_spent: credits / creditsPerUsd };
    return answerJson({ ...made, meta: { usage } }, headersOf(request, id, credits));
  }

  #logFailure(request: Request, body: unknown): void {
    const model = typeof body === 'object' && body !== null && 'model' in body ? String(body.model) : '';
    this.#log.add(request, { status: 'failed', model, credits: 0, inferenceId: randomUUID() });
  }

  #images(url: URL, id: string, fields: Fields, count: number): Fields {
    const [width, height] = sizeOf(fields.image_size);
    const seed = typeof fields.seed === 'number' ? fields.seed : hash(String(fields.prompt));
    const data = Array.from({ length: count }, (_, index) => {
      const bytes = () => drawOnce(width, height, seed + index);
      if (this.#options.images === 'base64')
        return { url: null, b64_json: Buffer.from(bytes()).toString('base64') };
      const path = this.#files.add(`${fileName(id)}${index || ''}.png`, { contentType: 'image/png', bytes });
      return { url: this.#link('image', url, path) };
    });
    return { created: Date.now(), data };
  }

  #start(url: URL, id: string, model: string): Fields {
    const job: Job = { id, model, createdMs: Date.now() };
    const fault = this.faults.takeKind('job-fails', 'video', url.pathname);
    if (fault) {
      const { name = 'GenerationError', message = 'The content was refused by the model’s inspection' } =
        fault;
      job.failure = { name, message };
    }
    this.#jobs.set(id, job);
    return { id, status: this.#options.statuses[0] ?? 'queued' };
  }

  #status(url: URL, fault: Fault | undefined): Response {
    const id = url.searchParams.get('generation_id') ?? '';
    const job = this.#jobs.get(id);
    if (!job) return answerProblem(url, 404, 'NotFoundException', 'Inference not found');
    const headers = { 'x-inference-id': id, 'x-request-id': randomUUID() };
    if (fault?.kind === 'status') return answerJson({ id, status: fault.status }, headers);
    if (fault?.kind === 'no-video') return answerJson({ id, status: 'completed', video: null }, headers);
    const status = statusOf(job, this.#options, Date.now());
    if (status === 'error') return answerJson({ id, status, video: null, error: job.failure }, headers);
    if (status !== 'completed') return answerJson({ id, status }, headers);
    job.file ??= this.#files.add(`${fileName(id)}.mp4`, { contentType: 'video/mp4', bytes: clipBytes });
    return answerJson({ id, status, video: { url: this.#link('status', url, job.file) } }, headers);
  }

  #link(route: Route, url: URL, path: string): string {
    // over a socket the files come from the same server; else from a host of their own, like the API's
    const origin = isPrivateHost(url.hostname) ? url.origin : 'https://cdn.aimlapi.com';
    const seconds = this.faults.takeKind('expired-link', route, url.pathname)
      ? -60
      : this.#options.linkSeconds;
    return this.#files.sign(origin, path, Math.floor(Date.now() / 1000) + seconds);
  }
}

function refuse(url: URL, issues: Issue[]): Response {
  return answerProblem(url, 400, 'BadRequestException', 'Invalid payload provided', { data: issues });
}

function toRecord(request: Request, url: URL, body: unknown): FakeRequest {
  const headers = Object.fromEntries(request.headers);
  if (headers.authorization) headers.authorization = 'Bearer ***';
  const query = Object.fromEntries(url.searchParams);
  for (const name of ['Signature', 'OSSAccessKeyId']) if (name in query) query[name] = '***';
  return { method: request.method, path: url.pathname, query, headers, ...(body !== undefined && { body }) };
}

function sizeOf(size: unknown): readonly [number, number] {
  if (typeof size === 'object' && size !== null && 'width' in size && 'height' in size) {
    return [Number(size.width), Number(size.height)];
  }
  return presetSizes[String(size)] ?? [1024, 768];
}

const drawn = new Map<string, Uint8Array>();

/** Drawing takes its time, and a picture is often asked for more than once. */
function drawOnce(width: number, height: number, seed: number): Uint8Array {
  const key = `${width}x${height}/${seed}`;
  const picture = drawn.get(key) ?? drawPng(width, height, seed);
  if (drawn.size >= 16) drawn.clear();
  drawn.set(key, picture);
  return picture;
}

function fileName(id: string): string {
  return id.replace(/[^\w-]/g, '_');
}

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
}

function parse(source: string): unknown {
  try {
    return source === '' ? undefined : JSON.parse(source);
  } catch {
    return source;
  }
}
