import dns from 'node:dns/promises';
import { BlockList } from 'node:net';
import { createUndiciFetch } from 'aimlapi-wan/undici';
import { Webhook } from 'standardwebhooks';

/** All in milliseconds. */
export const deliveryLimits = {
  tryForMs: 60 * 60_000, // from the first attempt
  answerMs: 10_000, // a receiver that hangs is left then
  firstPauseMs: 5_000, // between two attempts, then doubled
  longestPauseMs: 5 * 60_000,
};

const privateAddresses = new BlockList();
const ipv4 = '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12';
const more = '192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/3 ::/127 fc00::/7 fe80::/9 ff00::/8';
for (const [address, bits] of `${ipv4} ${more}`.split(' ').map((network) => network.split('/')))
  privateAddresses.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
/** IPv6 addresses that hold an IPv4 address: createUndiciFetch calls none that is written in a URL. */
const carrier = /^(::|64:ff9b:|2001:0?:|2002:)/;

/** Refuses what is no public web server, before anything is paid for. The address is judged again at each attempt. */
export async function checkUrl(address, allowPrivateHosts = false) {
  const refuse = (why) => new TypeError(`Cannot call the webhook: ${why}.`);
  if (!URL.canParse(address)) throw refuse('its address is no URL');
  const { protocol, hostname, username, password } = new URL(address);
  if (protocol !== 'https:' && !(protocol === 'http:' && allowPrivateHosts)) throw refuse('it takes https');
  if (username || password) throw refuse('a user and a password in its address are not sent');
  if (allowPrivateHosts) return;
  const host = hostname.replace(/^\[|\]$/g, '');
  const found = await dns.lookup(host, { all: true }).catch(() => []);
  if (found.length === 0) throw refuse('the name of its host is not known');
  const isPrivate = ({ address, family }) => privateAddresses.check(address, `ipv${family}`);
  if (carrier.test(host) || found.some(isPrivate)) throw refuse('its host is private');
}

/** Gives the function that delivers a message, and tells why it could not; nothing where the receiver took it. */
export function createDelivery({ secret, allowPrivateHosts, log, ...limits }) {
  const { tryForMs, answerMs, firstPauseMs, longestPauseMs } = { ...deliveryLimits, ...limits };
  const webhook = new Webhook(secret);
  const fetch = createUndiciFetch();

  /** One attempt. The body of the answer is not read: its status says all. */
  async function post({ id, url, payload }) {
    const [now, body] = [new Date(), JSON.stringify(payload)];
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': webhook.sign(id, now, body),
    };
    const controller = new AbortController();
    const leave = () => controller.abort(new Error(`no answer within ${answerMs} ms`));
    const timer = setTimeout(leave, answerMs);
    // this fetch follows no redirects, and connects to no private address
    const init = { method: 'POST', headers, body, signal: controller.signal, publicOnly: !allowPrivateHosts };
    try {
      const answer = await fetch(url, { ...init, redirect: 'manual', cache: 'no-store' });
      await answer.body?.cancel();
      const after = answer.headers.get('retry-after') ?? '';
      const retryAfterMs = Number(after) * 1_000 || Date.parse(after) - Date.now() || 0;
      return { status: answer.status, retryAfterMs, why: `answered ${answer.status}` };
    } catch (error) {
      return { status: 0, retryAfterMs: 0, why: error.message };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tries until a 2xx. A 410 ends it at once: by Standard Webhooks the receiver wants no more. */
  return async function deliver(message) {
    const { host } = new URL(message.url);
    // not by Date.now(): a clock that is set back would make the hour longer
    const endsAt = performance.now() + Math.min(message.firstTriedAt + tryForMs - Date.now(), tryForMs);
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const { status, retryAfterMs, why } = await post(message);
      if (status >= 200 && status <= 299) return;
      log(`${message.id}: not delivered to ${host}: ${why}`);
      if (status === 410 || performance.now() >= endsAt) return why;
      const jitteredMs = pauseMs * (0.5 + Math.random() / 2);
      const nextMs = Math.min(Math.max(jitteredMs, retryAfterMs), endsAt - performance.now());
      await new Promise((done) => setTimeout(done, nextMs));
    }
  };
}
