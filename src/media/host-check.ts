import type { Fetch } from '../base/fetch.js';
import {
  isLiteral,
  isPrivateHost,
  isPrivateWhenResolved,
  privateHostMessage,
} from '../base/private-address.js';
import type { Deadline } from '../time/deadline.js';
import { isProxiedByEnvironment } from './env-proxy.js';
import { lookUp } from './look-up.js';
import { Refusal } from './refusal.js';
import type { MediaClient } from './source.js';

/** Rejects with a `Refusal` where a file may not be fetched from there. Tells whether the host must not be private. */
export type HostCheck = (url: URL, deadline: Deadline) => Promise<boolean>;

/**
 * Makes the check of the addresses that a file is fetched from: its own, `start`, and those it is redirected to.
 * `allowPrivateHosts` is the option.
 */
export function createHostCheck(
  { fetch, baseUrl }: MediaClient,
  start: URL,
  isOfCaller: boolean,
  allowPrivateHosts: boolean | undefined,
): HostCheck {
  const base = new URL(baseUrl);
  const isPrivateAllowed = allowPrivateHosts ?? isPrivateHost(base.hostname);
  // the caller may pass a private address; redirects from there may stay private too
  if (isPrivateAllowed || (isOfCaller && isPrivateHost(start.hostname))) return async () => false;
  const isGiven = (url: URL) =>
    (isOfCaller && url === start) || (allowPrivateHosts === undefined && url.origin === base.origin);

  return async (url, deadline) => {
    if (isPrivateHost(url.hostname)) throw new Refusal(privateHostMessage(url.hostname));
    if (isGiven(url)) return false;
    // the look-up must not count as time in which no byte arrived
    const find = (from: URL) => findPrivate(fetch, from, deadline.signal).finally(() => deadline.restart());
    if (isOfCaller && (await find(start))) return false;
    const found = await find(url);
    if (found) throw new Refusal(privateHostMessage(url.hostname, found));
    return true;
  };
}

/** The private address that the host's name resolves to, where it is resolved on this machine. */
async function findPrivate(fetch: Fetch, url: URL, signal: AbortSignal): Promise<string | undefined> {
  if (isLiteral(url.hostname)) return undefined;
  if (fetch.resolvesElsewhere?.(url.href) ?? isProxiedByEnvironment(url)) return undefined;
  const addresses = await lookUp(url.hostname, signal);
  // fetch may connect to any of them
  return addresses.find(isPrivateWhenResolved);
}
