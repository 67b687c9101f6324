import dns from 'node:dns';
import { vi } from 'vitest';

type Callback = (error: Error | null, found?: unknown, family?: number) => void;

/**
 * Answers look-ups from the table, for Node's sockets too; the last list of a name goes on. A name that is not there does
 * not resolve, and one with `never` has no answer. Gives the names that were asked for, in this order.
 */
export function stubNames(table: Record<string, 'never' | string[][]>): string[] {
  const asked: string[] = [];
  const lookup = (name: string, options: { all?: boolean }, callback: Callback) => {
    asked.push(name);
    const lists = table[name];
    if (lists === 'never') return;
    const list = lists && (lists.length > 1 ? lists.shift() : lists[0]);
    const found = list?.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    setImmediate(() => {
      if (!found) callback(error);
      else if (options.all) callback(null, found);
      else callback(null, found[0]?.address, found[0]?.family);
    });
  };
  vi.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
  return asked;
}
