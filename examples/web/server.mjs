// Serves a page that makes pictures and videos, several at once. Costs what visitors make, at most $MAX_USD a run.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { checkInput, findModel, jsonSchemaOf, models } from 'aimlapi-wan/models';
import { embedded } from '../embedded.mjs'; // without a key: the embedded API, in this process
import {
  checkSender,
  mostBodyBytes,
  Refusal,
  readJson,
  sendError,
  sendFile,
  sendJson,
  setHeaders,
  visitorOf,
} from './http.mjs';
import { openJobs } from './jobs.mjs';

const { HOST: host = '127.0.0.1', PORT = '3000', DATA = 'out/web', POLL_MS, ALLOW_UNPRICED } = process.env;
const allowed = (process.env.ALLOWED_HOSTS ?? '')
  .toLowerCase()
  .split(/[\s,]+/)
  .filter(Boolean);
const maxUsd = Number(process.env.MAX_USD || 5);
const heartbeatMs = 20_000;
// the page sends no files where it asks for a price
const mostPriceBytes = 1_000_000;
const mostUnreadBytes = 8_000_000;

function refuseToStart(why) {
  console.error(`Cannot start: ${why}.`);
  process.exit(1);
}
if (!(maxUsd > 0 && maxUsd < Infinity))
  refuseToStart(`MAX_USD is "${process.env.MAX_USD}", and not an amount of US dollars above 0`);
if (POLL_MS && !(Number(POLL_MS) > 0)) refuseToStart(`POLL_MS is "${POLL_MS}", and not milliseconds above 0`);
if (!/^\d+$/.test(PORT) || Number(PORT) > 65_535) refuseToStart(`PORT is "${PORT}", and not from 0 to 65535`);
if (!['127.0.0.1', 'localhost', '::1'].includes(host) && allowed.length === 0)
  refuseToStart(
    `HOST is "${host}", so that others can reach the page: name it in ALLOWED_HOSTS, such as wan.example:${PORT}`,
  );

const jobs = await openJobs({
  folder: DATA,
  embedded,
  maxUsd,
  allowUnpriced: embedded || ALLOW_UNPRICED === '1',
  pollMs: Number(POLL_MS) || (embedded ? 1_000 : undefined),
}).catch((error) => refuseToStart(error.message));

/** The models with their fields, as data for a form. */
const forms = models().map(({ id, kind, limits }) => {
  const { description, properties } = jsonSchemaOf(id);
  const fields = Object.entries(limits).map(([name, limit]) => {
    return { name, ...limit, about: properties[name].description };
  });
  return { id, kind, about: description, fields };
});

const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
async function sendStatic(request, response, name = 'index.html') {
  visitorOf(request, response);
  const type = `${types[name.split('.')[1]]}; charset=utf-8`;
  response.writeHead(200, { 'Content-Type': type }).end(await readFile(new URL(name, import.meta.url)));
}

/** Sends all jobs of a visitor, and then each that changes. A page that comes back gets all of them again. */
function sendEvents(request, response) {
  const visitor = visitorOf(request, response);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  const send = (name, data) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  const onChange = (owner, job) => {
    if (owner === visitor) send('job', job);
    // what a page does not read would pile up here; a page that comes back gets all jobs again
    if (response.writableLength > mostUnreadBytes) response.destroy();
  };
  if (request.method === 'HEAD') return response.end();
  response.write('retry: 1000\n\n');
  send('jobs', jobs.records.list(visitor));
  jobs.records.changes.on('change', onChange);
  const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs);
  response.on('close', () => {
    clearInterval(heartbeat);
    jobs.records.changes.off('change', onChange);
  });
}

async function sendPrice(request, response) {
  const input = await readJson(request, mostPriceBytes);
  if (!findModel(input?.model)) throw new Refusal(400, 'There is no such model.');
  const cost = await jobs.estimateCost(input).catch((error) => ({ reason: error.message }));
  const { usd, reservedUsd } = jobs.spending();
  sendJson(response, 200, { ...cost, maxUsd, leftUsd: Math.max(0, maxUsd - usd - reservedUsd) });
}

async function startJob(request, response) {
  const { value, issues } = checkInput(await readJson(request));
  if (issues) throw new Refusal(400, 'Nothing was sent: some fields need another value.', issues);
  sendJson(response, 202, await jobs.start(visitorOf(request, response), value));
}

const routes = [
  ['GET', /^\/(index\.html|page\.js|form\.js|list\.js|page\.css|icon\.svg)?$/, sendStatic],
  ['GET', /^\/models$/, (_request, response) => sendJson(response, 200, { forms, mostBodyBytes, embedded })],
  ['GET', /^\/events$/, sendEvents],
  ['POST', /^\/price$/, sendPrice],
  ['POST', /^\/jobs$/, startJob],
  [
    'POST',
    /^\/jobs\/([\w-]+)\/(stop|goOn)$/,
    async (request, response, id, action) => {
      await readJson(request, mostPriceBytes);
      jobs[action](visitorOf(request, response), id);
      sendJson(response, 202, {});
    },
  ],
  [
    'GET',
    /^\/jobs\/([\w-]+)\/file(?:\/(\d+))?$/,
    (request, response, id, number = '1') =>
      sendFile(request, response, jobs.records.file(visitorOf(request, response), id, Number(number))),
  ],
];

/** By which names browsers may reach this server: known when it listens. */
let names = [];

async function answer(request, response) {
  const path = request.url.split('?')[0];
  checkSender(request, names);
  const found = routes.filter(([, pattern]) => pattern.test(path));
  if (found.length === 0) throw new Refusal(404, 'There is nothing here.');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const [route] = found.filter(([takes]) => takes === method);
  if (!route) {
    response.setHeader('Allow', found.map(([takes]) => takes).join(', '));
    throw new Refusal(405, `This takes ${found[0][0]} alone.`);
  }
  await route[2](request, response, ...route[1].exec(path).slice(1));
}

const server = createServer((request, response) => {
  setHeaders(response);
  answer(request, response).catch((error) => sendError(response, error));
});
server.on('error', (error) =>
  refuseToStart(`it cannot listen on ${host}:${PORT} (${error.code}); PORT sets another port`),
);
server.listen(Number(PORT), host, () => {
  const { port } = server.address();
  const own = ['127.0.0.1', 'localhost', '[::1]'];
  names = [...own.map((name) => `${name}:${port}`), ...(port === 80 ? own : []), ...allowed];
  console.log(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  // all jobs are on disk, and the next start goes on with them
  process.once(signal, () => process.exit(0));
}
