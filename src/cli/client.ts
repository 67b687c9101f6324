import type { ClientOptions, Fetch } from '../index.js';
import { UsageError } from './failure.js';
import { createFileNames } from './file-names.js';
import type { Client, Session, Tools } from './session.js';

/** The client and the file names that the flags and the environment ask for. */
export async function connect(session: Session): Promise<Tools> {
  return {
    client: await createClient(session),
    names: createFileNames(session.given.text('output'), session.given.has('force')),
  };
}

export async function createClient({ command, given, before, screen }: Session): Promise<Client> {
  const isFake = given.has('fake');
  const isDry = given.has('dry-run');
  const pays = !isDry && command !== 'price';
  const options: ClientOptions = {
    baseUrl: isFake ? undefined : given.text('base-url'),
    // a dry run needs no key, and sends none
    apiKey: isFake || isDry ? 'no-key-is-needed' : undefined,
    fetch: isFake
      ? await fakeFetch()
      : ((await proxiedFetch()) ?? (pays ? undefined : await loadLightFetch())),
    async aroundCreate(create, send) {
      await before.get(create.clientRequestId)?.(create);
      return send();
    },
    onAttempt: given.has('debug') ? (attempt) => screen.error(showAttempt(attempt)) : undefined,
  };
  const maxUsd = given.number('max-usd');
  if (given.text('provider') !== 'vtrix')
    return (await import('../index.js')).createWan({ ...options, maxUsd });
  if (maxUsd !== undefined)
    throw new UsageError(['--max-usd does not go with Vtrix: it publishes no prices']);
  return (await import('../vtrix.js')).createVtrix(options);
}

async function loadLightFetch(): Promise<Fetch> {
  return (await import('./light-fetch.js')).lightFetch;
}

async function fakeFetch(): Promise<Fetch> {
  const { createFakeApi } = await import('../testing.js');
  return createFakeApi().fetch;
}

const proxyNames = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'];

/** A fetch through the proxy of the environment, where there is one; it loads undici. */
async function proxiedFetch(): Promise<Fetch | undefined> {
  const { env } = process;
  const isNamed = proxyNames.some((name) => env[name]);
  const proxy = env.ALL_PROXY || env.all_proxy;
  if (!isNamed && !proxy) return undefined;
  // the name for all protocols counts where the others say nothing
  if (!isNamed) Object.assign(env, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy });
  const { createUndiciFetch } = await import('../undici.js');
  return createUndiciFetch({ proxy: 'env', keepAliveMs: 0 });
}

type Attempt = Parameters<NonNullable<ClientOptions['onAttempt']>>[0];

function showAttempt({ method, url, attempt, status, waitMs, error }: Attempt): string {
  const parts = [`${method} ${url}`, `attempt ${attempt}`, status, error, waitMs && `again in ${waitMs} ms`];
  return parts.filter((part) => part !== undefined && part !== 0).join(', ');
}

/** A call that not every provider has. */
export function need<Name extends keyof Client>(client: Client, name: Name): NonNullable<Client[Name]> {
  const call = client[name];
  if (!call) throw new UsageError([`Vtrix has no ${name}`], 'leave --provider vtrix out');
  return call;
}
