import { isPrivateAddress } from '../../base/private-address.js';
import { parseUrl } from '../../base/url.js';
import { toInvalidInputError } from '../../input/explain.js';
import { type CreateRequest, toCreateRequest } from './create.js';
import { judgeInput } from './judge-input.js';
import { type Kind, kinds } from './model.js';
import { findPrivateMedia } from './private-media.js';

/**
 * What to send for an input; throws an `InvalidInputError` where that breaks a rule of its model. An API that is itself
 * at a private address may be given private addresses: `baseUrl` says where it is.
 */
export function toCheckedCreate(kind: Kind, input: unknown, baseUrl?: string): CreateRequest {
  const { model, result } = judgeInput(input, kind);
  const { doing } = kinds[kind];
  if (!model || 'issues' in result) {
    throw toInvalidInputError(doing, model?.id, 'issues' in result ? result.issues : []);
  }
  const isPrivateApi = baseUrl !== undefined && isPrivateAddress(parseUrl(baseUrl)?.hostname ?? '');
  const issues = isPrivateApi ? [] : findPrivateMedia(model.limits(), result.value);
  if (issues.length > 0) throw toInvalidInputError(doing, model.id, issues);
  return toCreateRequest(kind, model.id, model.path, result.value);
}
