import { answerAimlapi, answerAimlapiUnauthorized, keyOf, logFailure, routeOfAimlapi } from './aimlapi.js';
import { answerProblem } from './answers.js';
import { readRequestText } from './body.js';
import type { Fault, Route } from './faults.js';
import { answerVtrix, answerVtrixProblem, answerVtrixUnauthorized, isVtrix, routeOfVtrix } from './vtrix.js';
import { answerWithFault, replacesAnswer, spoilAnswer } from './wire.js';
import { type FakeApiOptions, World } from './world.js';

/** A request that arrived. Its key and its signatures are masked. */
export interface FakeRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** The parsed JSON, or the text if it is not JSON. Absent if the body is empty or longer than 64 MiB. */
  body?: unknown;
}

/** Turns each Request into a Response. It uses no sockets. */
export class FakeHandler {
  readonly world: World;
  readonly requests: FakeRequest[] = [];

  constructor(options: FakeApiOptions = {}) {
    this.world = new World(options);
  }

  /** `signal` aborts when the client has gone. `stream` is the body: the Request of a GET cannot hold a body. */
  async handle(
    request: Request,
    signal: AbortSignal,
    stream: AsyncIterable<Uint8Array> | null = request.body,
  ): Promise<Response> {
    const url = new URL(request.url);
    const source = await readRequestText(stream, Number(request.headers.get('content-length')));
    this.requests.push(toRecord(request, url, source ?? ''));
    if (source === undefined) return answerTooLarge(url);
    const body = parseJson(source);
    const { faults } = this.world;
    const route = this.#findRoute(request.method, url.pathname);
    if (!route) {
      return answerProblem(url, 404, 'NotFoundException', `Cannot ${request.method} ${url.pathname}`);
    }
    const fault = faults.takeFor(route, url.pathname);
    if (!fault || !replacesAnswer(fault)) {
      return spoilAnswer(this.#answerRoute(route, request, url, body, fault), fault, signal);
    }
    if ('accepted' in fault && fault.accepted) this.#answerRoute(route, request, url, body, undefined);
    else if (fault.kind === 'error' && (route === 'image' || route === 'video')) {
      logFailure(this.world, request, body);
    }
    return answerWithFault(fault, url, signal);
  }

  #findRoute(method: string, path: string): Route | undefined {
    if (method === 'GET' && this.world.files.has(path)) return 'file';
    return isVtrix(path) ? routeOfVtrix(method, path) : routeOfAimlapi(method, path);
  }

  #answerRoute(route: Route, request: Request, url: URL, body: unknown, fault: Fault | undefined): Response {
    const { world } = this;
    if (route === 'file') return world.files.serve(request, url, world.options.ranges);
    const { apiKey } = world.options;
    const key = keyOf(request);
    const admitted = key !== undefined && (apiKey === undefined || key === apiKey);
    if (isVtrix(url.pathname)) {
      return admitted ? answerVtrix(world, route, url, body, fault) : answerVtrixUnauthorized();
    }
    if (!admitted && route !== 'catalogue') return answerAimlapiUnauthorized(url);
    return answerAimlapi(world, route, request, url, body, fault);
  }
}

function answerTooLarge(url: URL): Response {
  const message = 'request entity too large';
  return isVtrix(url.pathname)
    ? answerVtrixProblem(413, 'RequestEntityTooLarge', message)
    : answerProblem(url, 413, 'PayloadTooLargeException', message);
}

function toRecord(request: Request, url: URL, source: string): FakeRequest {
  const headers = Object.fromEntries(request.headers);
  for (const name of Object.keys(headers)) {
    if (/auth|cookie|key|token|secret/.test(name))
      headers[name] = name === 'authorization' ? 'Bearer ***' : '***';
  }
  const body = parseJson(source.replace(/\b(Signature|OSSAccessKeyId)=[^&"\s\\]+/g, '$1=***'));
  const query = Object.fromEntries(url.searchParams);
  for (const name of ['Signature', 'OSSAccessKeyId']) if (name in query) query[name] = '***';
  return { method: request.method, path: url.pathname, query, headers, ...(body !== undefined && { body }) };
}

function parseJson(source: string): unknown {
  try {
    return source === '' ? undefined : JSON.parse(source);
  } catch {
    return source;
  }
}
