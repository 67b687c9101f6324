import { randomUUID } from 'node:crypto';

export const billedCreditsPerUsd = 2_000_000;

/** Makes an error answer in the API's current form (problem+json). */
export function answerProblem(
  url: URL,
  status: number,
  name: string,
  message: string,
  { data, headers }: { data?: unknown; headers?: Record<string, string> } = {},
): Response {
  const requestId = randomUUID();
  const body = {
    title: name.replace(/Exception$/, ''),
    status,
    message,
    instance: `${url.pathname}?${url.search.slice(1)}`,
    timestamp: new Date().toISOString(),
    requestId,
    error: { name, message, ...(data !== undefined && { data }) },
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'x-request-id': requestId, ...headers },
  });
}

/** Makes an error answer in the form that the API used before problem+json. */
export function answerLegacyProblem(
  url: URL,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Response {
  const requestId = randomUUID();
  const timestamp = new Date().toISOString();
  const body = { requestId, statusCode: status, timestamp, path: url.pathname, message };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

export function answerJson(
  body: Record<string, unknown>,
  headers: Record<string, string>,
  status = 200,
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

/** Makes the headers that the API adds to the answer of a create. */
export function makeCreateHeaders(request: Request, id: string, credits: number): Record<string, string> {
  const clientRequestId = request.headers.get('x-client-request-id');
  return {
    'x-inference-id': id,
    'x-request-id': randomUUID(),
    'x-aimlapi-credits-used': String(credits),
    'x-aimlapi-usd-spent': (credits / billedCreditsPerUsd).toFixed(9),
    ...(clientRequestId &&
      /^[\w.:-]{1,128}$/.test(clientRequestId) && { 'x-client-request-id': clientRequestId }),
  };
}
