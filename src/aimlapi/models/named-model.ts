import { printable } from '../../base/redact.js';
import { findKnownModel, type KnownModel, knownModels } from './find-model.js';
import { findNearName, findSameName } from './near-name.js';

/** The model of this name; throws a `TypeError` with the near name where there is none. */
export function namedModel(name: unknown): KnownModel {
  const found = findKnownModel(name);
  if (found) return found;
  const near =
    typeof name === 'string' ? (findSameName(name) ?? findNearName(name, knownModels())) : undefined;
  const hint = near === undefined ? 'models() lists all' : `did you mean "${near}"?`;
  throw new TypeError(
    `Cannot give the schema of "${printable(name)}": no model of this name is known: ${hint}`,
  );
}
