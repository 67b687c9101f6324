// Loopback servers that speak each SDK's protocol and go wrong on request, all by the same few faults.
import { randomBytes, randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFakeApi } from 'aimlapi-wan/testing';

/**
 * @typedef {'drop' | 'html' | 'silent' | 'running' | 'unknown' | 'cut'} FaultKind
 * @typedef {{ kind: FaultKind, times?: number, status?: number }} Fault strikes `times` requests, once if left out
 * @typedef {{ create?: Fault[], poll?: Fault[], file?: Fault[], pollDelayMs?: number }} Script in the order of striking
 *
 * @typedef {object} Api a server with its faults
 * @property {string} url
 * @property {() => number} paid creates that were accepted
 * @property {(route: 'create' | 'poll' | 'file') => Visit[]} visits
 * @property {() => string} jobId id of the job that was asked for last
 * @property {() => void} lift takes back all faults
 * @property {() => Promise<void>} close
 *
 * @typedef {{ method: string, path: string, startedMs: number, status?: number, endedMs?: number }} Visit
 */

const contentBytes = randomBytes(512 * 1024);

/** What arrived at each port, seen from outside: the embedded API and the servers here by the same clock. */
const visitsByPort = new Map();
const visitOf = new WeakMap();

subscribe('http.server.request.start', ({ request }) => {
  const visit = { method: request.method, path: pathOf(request), startedMs: performance.now() };
  visitOf.set(request, visit);
  visitsByPort.get(request.socket.localPort)?.push(visit);
});

subscribe('http.server.response.finish', ({ request, response }) => {
  const ending = { status: response.statusCode, endedMs: performance.now() };
  Object.assign(visitOf.get(request) ?? {}, ending);
});

function recordVisits(url, routeOf) {
  const visits = [];
  visitsByPort.set(Number(new URL(url).port), visits);
  return (route) => visits.filter(({ method, path }) => routeOf(method, path) === route);
}

/** The path that is meant: the fal client, told to use a proxy, sends its target in a header. */
function pathOf({ url, headers }) {
  return new URL(headers['x-fal-target-url'] ?? url, 'http://127.0.0.1').pathname;
}

/** Runs `work` against a server, and closes it whatever happens. */
export async function withServer(serve, script, work) {
  const api = await serve(script);
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

/** The embedded API, with the faults in its own words. */
export async function serveEmbedded({ create = [], poll = [], file = [] } = {}) {
  const api = createFakeApi({ videoSeconds: 0 });
  const set = (on, { kind, times = 1, status }) => {
    const word = { running: 'generating', unknown: 'dreaming' }[kind];
    const own = { drop: 'reset', silent: 'stall', running: 'status', unknown: 'status' }[kind] ?? kind;
    const accepted = (on === 'image' || on === 'video') && { accepted: true };
    api.fault({
      on,
      kind: own,
      times,
      ...accepted,
      ...(status && { status }),
      ...(word && { status: word }),
    });
  };
  for (const fault of create) for (const on of ['image', 'video']) set(on, fault);
  for (const fault of poll) set('status', fault);
  for (const fault of file) set('file', fault);
  const { url, close } = await api.listen();
  const routeOf = (method, path) => {
    if (method === 'POST') return 'create';
    return path === '/v2/video/generations' ? 'poll' : path.startsWith('/alpaca/') ? 'file' : undefined;
  };
  return {
    url,
    paid: () => api.generations,
    visits: recordVisits(url, routeOf),
    jobId: () => api.requests.findLast(({ query }) => query.generation_id)?.query.generation_id ?? '',
    lift: () => void api.clearFaults(),
    close,
  };
}

/** Serves a protocol of `protocols.mjs` on 127.0.0.1. */
export async function serveProtocol({ words, routes }, script = {}) {
  const pending = structuredClone(script);
  let paid = 0;
  let lastId = '';
  const routeOf = (method, path) => routes.find((route) => route.method === method && route.path.test(path));
  const server = createServer(async (request, response) => {
    for await (const chunk of request) void chunk;
    const path = pathOf(request);
    const route = routeOf(request.method, path);
    if (!route) return answerJson(response, 404, { detail: `no such route: ${request.method} ${path}` });
    if (route.name === 'create') paid += 1;
    if (route.name !== 'file') lastId = route.path.exec(path)?.groups?.id ?? randomUUID();
    if (route.name === 'poll' && script.pollDelayMs) await sleep(script.pollDelayMs);
    const fault = takeFault(pending[route.name]);
    if (fault && strikes[fault.kind]) return strikes[fault.kind](request, response, fault);
    if (route.name === 'file') return answerFile(request, response);
    const word = words[fault?.kind ?? 'done'];
    answerJson(response, route.status ?? 200, route.body({ id: lastId, word, done: !fault, url }));
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    paid: () => paid,
    visits: recordVisits(url, (method, path) => routeOf(method, path)?.name),
    jobId: () => lastId,
    lift: () => {
      for (const name of ['create', 'poll', 'file']) delete pending[name];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function takeFault(faults = []) {
  const fault = faults.find(({ times = 1 }) => times > 0);
  if (fault) fault.times = (fault.times ?? 1) - 1;
  return fault;
}

/** Faults in place of an answer; the others are words in one. */
const strikes = {
  drop: (request) => request.socket.resetAndDestroy(),
  silent: () => {},
  html: (_request, response, { status = 502 }) => {
    response.writeHead(status, { 'content-type': 'text/html; charset=UTF-8' });
    response.end(`<!DOCTYPE html>\n<html><body><h1>Error ${status}</h1></body></html>`);
  },
  cut: (_request, response) => {
    response.writeHead(200, fileHeaders(contentBytes));
    const half = contentBytes.subarray(0, contentBytes.length / 2);
    response.write(half, () => setTimeout(() => response.destroy(), 20));
  },
};

function answerJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function answerFile(request, response) {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const bytes = contentBytes.subarray(start);
  const last = contentBytes.length - 1;
  const part = start > 0 && { 'content-range': `bytes ${start}-${last}/${contentBytes.length}` };
  response.writeHead(part ? 206 : 200, { ...fileHeaders(bytes), ...part });
  response.end(bytes);
}

function fileHeaders(bytes) {
  const length = { 'content-length': String(bytes.length) };
  return { ...length, 'content-type': 'video/mp4', 'accept-ranges': 'bytes', etag: '"a-video"' };
}
