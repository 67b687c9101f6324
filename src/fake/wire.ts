import { setImmediate } from 'node:timers/promises';
import { answerLegacyProblem, answerProblem } from './answers.js';
import type { Fault } from './faults.js';
import { answerVtrixProblem, isVtrix } from './vtrix.js';

/** The error that Node's fetch throws when a connection is reset. The server catches it and resets the socket. */
class ConnectionReset extends TypeError {
  constructor() {
    const cause = Object.assign(new Error('read ECONNRESET'), {
      code: 'ECONNRESET',
      errno: -104,
      syscall: 'read',
    });
    super('fetch failed', { cause });
  }
}

/** Waits until the request is aborted, then rejects. */
function waitForAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Damages the answer if the fault is `cut`, `stall-body` or `broken-json`. */
export async function spoilAnswer(
  answer: Response,
  fault: Fault | undefined,
  signal: AbortSignal,
): Promise<Response> {
  if (fault?.kind !== 'cut' && fault?.kind !== 'stall-body' && fault?.kind !== 'broken-json') return answer;
  const headers = new Headers(answer.headers);
  if (fault.withoutInferenceId) headers.delete('x-inference-id');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (fault.kind === 'broken-json') {
    headers.delete('content-length');
    return new Response(`${new TextDecoder().decode(bytes).slice(0, -1)},`, {
      status: answer.status,
      headers,
    });
  }
  headers.set('content-length', String(bytes.byteLength));
  const arriving = bytes.slice(0, fault.afterBytes ?? bytes.byteLength / 2);
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!sent && arriving.byteLength > 0) {
        sent = true;
        return controller.enqueue(arriving);
      }
      if (fault.kind === 'stall-body') return waitForAbort(signal);
      // an immediate error would overtake the bytes before it, and the reader would lose them
      await setImmediate();
      controller.error(new TypeError('terminated', { cause: closedByPeer() }));
    },
  });
  return new Response(body, { status: answer.status, headers });
}

function closedByPeer(): Error {
  return Object.assign(new Error('other side closed'), { name: 'SocketError', code: 'UND_ERR_SOCKET' });
}

function answerHtml(status: number): Response {
  const body = `<!DOCTYPE html>\n<html><head><title>${status} Bad gateway</title></head><body><h1>Error ${status}</h1></body></html>`;
  return new Response(body, { status, headers: { 'content-type': 'text/html; charset=UTF-8' } });
}

type ReplacingFault = Extract<
  Fault,
  { kind: 'answer' | 'error' | 'html' | 'rate-limit' | 'reset' | 'stall' }
>;

/** Whether the fault replaces the whole answer. */
export function replacesAnswer(fault: Fault): fault is ReplacingFault {
  return ['answer', 'error', 'html', 'rate-limit', 'reset', 'stall'].includes(fault.kind);
}

export function answerWithFault(
  fault: ReplacingFault,
  url: URL,
  signal: AbortSignal,
): Response | Promise<Response> {
  switch (fault.kind) {
    case 'reset':
      throw new ConnectionReset();
    case 'stall':
      return waitForAbort(signal);
    case 'html':
      return answerHtml(fault.status ?? 502);
    case 'rate-limit': {
      const { retryAfterSeconds } = fault;
      const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      if (isVtrix(url.pathname)) return answerVtrixProblem(429, 'TooManyRequests', 'slow down', headers);
      return answerProblem(url, 429, 'ThrottlerException', 'Too Many Requests', { headers });
    }
    case 'answer': {
      const isText = typeof fault.body === 'string';
      const headers = { 'content-type': isText ? 'text/plain' : 'application/json', ...fault.headers };
      const body = isText || fault.body === undefined ? fault.body : JSON.stringify(fault.body);
      const bodiless = [204, 205, 304].includes(fault.status);
      return new Response(typeof body === 'string' && !bodiless ? body : null, {
        status: fault.status,
        headers,
      });
    }
    case 'error': {
      const {
        status,
        message = 'Something wrong with the server',
        name = 'HttpException',
        data,
        headers,
      } = fault;
      if (isVtrix(url.pathname)) return answerVtrixProblem(status, name, message, headers);
      if (fault.form === 'legacy') return answerLegacyProblem(url, status, message, headers);
      return answerProblem(url, status, name, message, { data, ...(headers && { headers }) });
    }
  }
}
