import { type Defaults, firstInEnvironment } from './base-url.js';
import type { ClientOptions } from './options.js';
import { printable } from './redact.js';

/** Reads and checks the key, without quoting it. A `TypeError` is misuse, any other error is the caller's function's. */
export function readKey(option: ClientOptions['apiKey'], defaults: Defaults): string | Promise<string> {
  if (typeof option !== 'function') return checkKey(option, defaults);
  return callKeyFunction(option).then((key) => checkKey(key, defaults));
}

/** What a text looks like that is no key, and what to do about it. The text itself is never shown. */
const mistakes: [looks: RegExp, told: string][] = [
  [
    /^["'`\u2018-\u201d]|["'`\u2018-\u201d]$/,
    'it stands in quotes: take them off (docker --env-file keeps them)',
  ],
  [/^bearer\b/i, 'it begins with "Bearer": leave that out'],
  [/^(export\s+|set\s+)?[a-z_]\w*\s*=(?!=*$)/i, 'it begins with a name and "=": leave those out'],
  [
    /^(<.*>|\$.*|\{.*\}|%.*%|\[object .*|your[-_ ]?.*key)$/i,
    'it is a placeholder: put your key in its place',
  ],
  [/^(undefined|null|nan|true|false)$/i, 'it is a word that stands for a missing value'],
  [/^https?:\/\//i, 'it is a URL'],
  [/[^\x21-\x7e]/, 'it takes printable ASCII without spaces'],
];

function checkKey(given: unknown, { keyNames, factory }: Defaults): string {
  if (given !== undefined && typeof given !== 'string') {
    throw new TypeError(
      `Cannot use the API key: it takes a text, or a function that gives one, not ${printable(given)}.`,
    );
  }
  const key = (given ?? firstInEnvironment(keyNames) ?? '').trim();
  if (key === '') {
    throw new TypeError(
      `Cannot call the API: there is no key. Set ${keyNames.join(' or ')} in the environment, or pass ${factory}({ apiKey }).`,
    );
  }
  const [, told] = mistakes.find(([looks]) => looks.test(key)) ?? [];
  if (told !== undefined) throw new TypeError(`Cannot use the API key: ${told}.`);
  return key;
}

async function callKeyFunction(apiKey: () => string | Promise<string>): Promise<string> {
  try {
    return await apiKey();
  } catch (cause) {
    throw new Error('the apiKey function failed', { cause });
  }
}
