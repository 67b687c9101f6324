import { nearest } from '../../base/nearest.js';
import { printable } from '../../base/redact.js';
import { findKnownModel, type KnownModel, shortOf } from './find-model.js';

const plainOf = (name: unknown) =>
  String(printable(name))
    .trim()
    .replace(/^alibaba\//i, '');

/** The name itself where it is one, also of a name in other case or with blanks around it. */
export function findSameName(name: unknown): string | undefined {
  const spellings = [name, plainOf(name).toLowerCase()].filter((each) => typeof each === 'string');
  return spellings.find(findKnownModel);
}

/** The short name among those of `models` that was probably meant. */
export function findNearName(name: unknown, models: readonly KnownModel[]): string | undefined {
  const plain = plainOf(name);
  const names = models.flatMap((each) => each.names).filter((each) => each === shortOf(each));
  return names.find((each) => each.startsWith(`${plain}-`)) ?? nearest(plain, names);
}
