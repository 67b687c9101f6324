import type { InputIssue } from '../../base/errors.js';
import { isPrivateAddress } from '../../base/private-address.js';
import { parseUrl, printable } from '../../base/redact.js';
import type { FieldLimits } from '../../input/limits.js';

/** The issues of addresses that the API cannot fetch, because only this machine or its network reaches them. */
export function findPrivateMedia({ properties = {} }: FieldLimits, fields: object): InputIssue[] {
  const found: InputIssue[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const { media, dataUri, items } = properties[name] ?? {};
    if (!media && !items?.media) continue;
    const isDataUriTaken = dataUri ?? items?.dataUri ?? false;
    for (const [index, address] of [value].flat().entries()) {
      const path = items ? `${name}[${index}]` : name;
      found.push(...issuesOf(path, address, isDataUriTaken));
    }
  }
  return found;
}

function issuesOf(path: string, address: unknown, isDataUriTaken: boolean): InputIssue[] {
  // of a data URI of 14 MB only the beginning is looked at
  if (typeof address !== 'string' || !/^http/i.test(address.slice(0, 4))) return [];
  const url = parseUrl(address);
  if (!url || !isPrivateAddress(url.hostname)) return [];
  const wayOut = isDataUriTaken
    ? 'pass the file itself (toDataUri), or put it where the API can fetch it'
    : 'put it where the API can fetch it';
  const message = `is at ${url.hostname}, which only this machine or its network can reach: ${wayOut}`;
  return [{ path, message, received: printable(address) }];
}
