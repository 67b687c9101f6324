import type { Came } from './memory-fetch.js';

type Answer = Extract<Came, { status: number }>;
type Headers = Record<string, string>;

export function json(body: object, status = 200, headers: Headers = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** The page of a proxy. */
export function html(status: number, headers: Headers = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html', ...headers },
    body: `<!DOCTYPE html><html><head><title>${status}</title></head></html>`,
  };
}

/** The API's own words about a request to the path. */
export function own(status: number, path: string, headers: Headers = {}): Answer {
  const error = { name: 'HttpException', message: 'busy' };
  return json({ status, message: 'busy', instance: `${path}?`, error }, status, headers);
}

/** The API's own words in the form before problem+json. */
export function ownOld(status: number, path: string): Answer {
  return json({ statusCode: status, path, message: 'busy' }, status);
}

/** JSON of a proxy, which looks much like the API's. */
export function proxyJson(status: number): Answer {
  return json({ title: 'Error', status, error: { name: 'Proxy' }, instance: '/elsewhere' }, status);
}
