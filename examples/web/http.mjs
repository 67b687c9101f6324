// Reads and answers requests: who may ask, bodies with a limit, files in parts. Costs nothing.
import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { BudgetExceededError, InvalidInputError, WanError } from 'aimlapi-wan';

/** A refusal in words, with the status of its answer. Nothing was paid. */
export class Refusal extends Error {
  constructor(status, message, issues) {
    super(message);
    Object.assign(this, { status, issues });
  }
}

export const mostBodyBytes = 20_000_000;
// a larger body is read to its end: a browser that cannot send all of it shows no answer
const mostDroppedBytes = 200_000_000;
const aYearSeconds = 31_536_000;
const own = ['script-src', 'style-src', 'img-src', 'media-src', 'connect-src'];
const nothing = ['default-src', 'base-uri', 'form-action', 'frame-ancestors'];
const policy = [...own.map((name) => `${name} 'self'`), ...nothing.map((name) => `${name} 'none'`)].join(
  '; ',
);

export function setHeaders(response) {
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
}

/** Refuses what comes by a foreign name (DNS rebinding), and a change that a foreign page asks for. */
export function checkSender({ method, headers }, names) {
  const { host = '', origin } = headers;
  if (!names.includes(host.toLowerCase()))
    throw new Refusal(421, `This server does not go by the name "${host.slice(0, 100)}": set ALLOWED_HOSTS.`);
  if (method === 'GET' || method === 'HEAD') return;
  const site = headers['sec-fetch-site'] ?? 'none';
  const isOwn = origin
    ? /^https?:\/\/(.*)$/.exec(origin)?.[1] === host
    : ['same-origin', 'none'].includes(site);
  if (!isOwn) throw new Refusal(403, 'Another page asked for this, so it was not done.');
}

/** The id of the visitor, which only the cookie of that browser holds. */
export function visitorOf(request, response) {
  const known = /(?:^|; )wan_visitor=([\da-f-]{36})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
  if (known) return known;
  const visitor = randomUUID();
  const cookie = `wan_visitor=${visitor}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${aYearSeconds}`;
  response.setHeader('Set-Cookie', cookie);
  return visitor;
}

export async function readJson(request, mostBytes = mostBodyBytes) {
  if (!/^application\/json *(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new Refusal(415, 'Send JSON, with the content type application/json.');
  // one buffer, because a body may come in millions of chunks of one byte, and a list of them takes gigabytes
  const body = new ArrayBuffer(0, { maxByteLength: mostBytes });
  const view = new Uint8Array(body);
  let bytes = 0;
  await new Promise((resolve, reject) => {
    request.on('end', resolve).on('error', reject);
    request.on('data', (chunk) => {
      const from = bytes;
      bytes += chunk.length;
      if (bytes > mostBytes) body.resize(0);
      else if (bytes > body.byteLength) body.resize(Math.min(2 * bytes, mostBytes));
      if (bytes <= mostBytes) view.set(chunk, from);
      if (bytes > mostDroppedBytes) request.destroy();
    });
  });
  if (bytes > mostBytes)
    throw new Refusal(413, `That is too large: this server takes ${mostBytes / 1e6} MB with all files.`);
  try {
    return JSON.parse(Buffer.from(body, 0, bytes).toString());
  } catch {
    throw new Refusal(400, 'The body is no JSON.');
  }
}

export function sendJson(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers with an error in words. What only the console may know becomes a 500. */
export function sendError(response, error) {
  if (response.headersSent || response.socket?.destroyed !== false) return response.destroy();
  const { message: words, issues } = error;
  if (error instanceof Refusal) sendJson(response, error.status, { error: words, issues });
  else if (error instanceof InvalidInputError) sendJson(response, 400, { error: words, issues });
  else if (error instanceof BudgetExceededError) sendJson(response, 402, { error: words });
  else if (error instanceof WanError) sendJson(response, 502, { error: words });
  else {
    console.error(error);
    sendJson(response, 500, { error: 'The server made a mistake; its console says which.' });
  }
}

/** The first and the last byte that a Range header asks for, or `undefined` where all of the file is to be sent. */
function toRange(header, size) {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (!from && !to) return undefined;
  if (!from) return { start: Math.max(0, size - Number(to)), end: size - 1 };
  return { start: Number(from), end: Math.min(to ? Number(to) : size - 1, size - 1) };
}

/** Sends a file, or the part that is asked for: Safari plays no video without that. */
export async function sendFile(request, response, { path, type }) {
  const file = await open(path).catch(() => {
    throw new Refusal(404, 'The file is gone from the folder of the server.');
  });
  try {
    const { size } = await file.stat();
    // this server gives no validator, so a request with If-Range gets the whole file
    const range = request.headers['if-range'] ? undefined : toRange(request.headers.range, size);
    const { start, end } = range ?? { start: 0, end: size - 1 };
    // a picture may hold code (SVG), which must not run as ours
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    response.setHeader('Cache-Control', 'private, max-age=86400');
    response.setHeader('Accept-Ranges', 'bytes');
    if (start > end) return response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    if (range) response.setHeader('Content-Range', `bytes ${start}-${end}/${size}`);
    response.writeHead(range ? 206 : 200, { 'Content-Type': type, 'Content-Length': end - start + 1 });
    if (request.method === 'HEAD') return response.end();
    await pipeline(file.createReadStream({ start, end, autoClose: false }), response);
  } finally {
    await file.close();
  }
}
