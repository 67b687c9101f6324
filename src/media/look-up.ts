import { text } from '../base/json.js';
import { findNodeModule } from '../base/node-module.js';
import { record } from '../base/record.js';
import { endsWithin } from '../time/sleep.js';

const longestLookUpMs = 2_000;

/**
 * The addresses that a name resolves to on this machine; none where Node's module is missing, or nothing is known within
 * 2 s. An abort rejects with the signal's reason.
 */
export async function lookUp(name: string, signal: AbortSignal): Promise<string[]> {
  const found = new Promise<string[]>((resolve) => {
    try {
      const dns = findNodeModule('node:dns');
      if (!dns) return resolve([]);
      dns.lookup(name, { all: true }, (_, addresses) => resolve(read(addresses)));
    } catch {
      // Workers have the module, but not each of its functions
      resolve([]);
    }
  });
  return (await endsWithin(longestLookUpMs, found, signal)) ? found : [];
}

/** There are no addresses after an error. */
function read(addresses: unknown): string[] {
  if (!Array.isArray(addresses)) return [];
  return addresses.map((entry) => text(record(entry).address) ?? '');
}
