import type { InputIssue } from '../../base/errors.js';
import { isPrivateAddress } from '../../base/private-address.js';
import { record } from '../../base/record.js';
import { printable } from '../../base/redact.js';
import { parseUrl } from '../../base/url.js';
import type { FieldLimits } from '../../input/limits.js';

/** The fields of each model that hold addresses of media: every create asks for them. */
const mediaFields = new WeakMap<FieldLimits, [name: string, isDataUriTaken: boolean][]>();

function mediaFieldsOf(limits: FieldLimits) {
  const found =
    mediaFields.get(limits) ??
    Object.entries(limits.properties ?? {}).flatMap(([name, field]): [string, boolean][] => {
      const { media, dataUri = false } = field.items ?? field;
      return media ? [[name, dataUri]] : [];
    });
  mediaFields.set(limits, found);
  return found;
}

/** The issues of addresses that the API cannot fetch, because only this machine or its network reaches them. */
export function findPrivateMedia(limits: FieldLimits, input: object): InputIssue[] {
  const fields = record(input);
  return mediaFieldsOf(limits).flatMap(([name, isDataUriTaken]) => {
    const value = fields[name];
    return Array.isArray(value)
      ? value.flatMap((each, index) => issuesOf(`${name}[${index}]`, each, isDataUriTaken))
      : issuesOf(name, value, isDataUriTaken);
  });
}

function issuesOf(path: string, address: unknown, isDataUriTaken: boolean): InputIssue[] {
  if (typeof address !== 'string' || !/^http/i.test(address)) return [];
  const url = parseUrl(address);
  if (!url || !isPrivateAddress(url.hostname)) return [];
  const wayOut = isDataUriTaken
    ? 'pass the file itself (toDataUri), or put it where the API can fetch it'
    : 'put it where the API can fetch it';
  const message = `is at ${url.hostname}, which only this machine or its network can reach: ${wayOut}`;
  return [{ path, message, received: printable(address) }];
}
