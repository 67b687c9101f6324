import type { InputIssue } from '../../base/errors.js';
import { isRecord } from '../../base/json.js';
import { isBytes, printable } from '../../base/redact.js';
import { type Checked, readFields } from '../../input/check.js';
import { hintFor } from '../../input/rule.js';
import { noObject } from './create.js';
import { findKnownModel, type KnownModel, knownModels, shortOf } from './find-model.js';
import { type Kind, kinds } from './model.js';
import { findNearName, findSameName } from './near-name.js';

/** Models that a message names; another model than these has the field as well. */
const mostModels = 10;

/** What came of an input: the model that it names, where it is known, and its fields as they are sent, or its issues. */
export interface Judged {
  model?: KnownModel;
  result: Checked<{ model: string }>;
}

/** Judges an input by the model that it names. Where `kind` is given, a model of the other kind is an issue. */
export function judgeInput(input: unknown, kind?: Kind): Judged {
  if (!isRecord(input) || isBytes(input)) return { result: { issues: [toIssueOfWhole(input)] } };
  const read = readFields(input);
  if ('issues' in read) return { result: read };
  const { model: name, ...fields } = read.value;
  if (name === undefined && hintFor({}, input) !== undefined)
    return { result: { issues: [toIssueOfWhole(input)] } };
  const model = findKnownModel(name);
  if (model && (kind ?? model.kind) === model.kind) return { model, result: judgeFields(model, fields) };
  return { result: { issues: [issueOfName(name, kind)] } };
}

/** The issue of what is no object, or of one without a field, such as a Promise or a Map. */
function toIssueOfWhole(input: unknown): InputIssue {
  const hint = hintFor({}, input);
  return { path: '', message: hint === undefined ? noObject : `${noObject} (${hint})` };
}

/** Judges the fields beside `model`. */
export function judgeFields(model: KnownModel, fields: object): Checked<{ model: string }> {
  const result = model.check(fields, (field) => tellWhoHas(field, model));
  return 'issues' in result ? result : { value: { model: model.id, ...result.value } };
}

function issueOfName(name: unknown, kind: Kind | undefined): InputIssue {
  const received = name === undefined ? {} : { received: printable(name) };
  return { path: 'model', message: explainName(name, kind), ...received };
}

function explainName(name: unknown, kind: Kind | undefined): string {
  const models = knownModels().filter((each) => each.kind === (kind ?? each.kind));
  const rule = `takes one of ${models.map(({ id }) => shortOf(id)).join(', ')}`;
  if (name === undefined) return `is missing: it ${rule}`;
  const same = findSameName(name);
  const found = findKnownModel(same);
  if (found && kind && found.kind !== kind) {
    const spelled = same === name ? '' : `: "${same}"`;
    return `is a model of ${kinds[found.kind].call}, not of ${kinds[kind].call}${spelled}`;
  }
  const calls = kind
    ? `${kinds[kind].call}Unchecked takes`
    : 'generateImageUnchecked and generateVideoUnchecked take';
  const near = same ?? findNearName(name, models);
  if (near === undefined) return `${rule} (${hintFor({}, name) ?? `${calls} any other`})`;
  return `is not known: did you mean "${near}"? (${calls} any other)`;
}

/** The other models of its kind that have a field which this one has not. */
function tellWhoHas(field: string, { kind }: KnownModel): string | undefined {
  const names = knownModels()
    .filter((each) => each.kind === kind && Object.hasOwn(each.limits().properties ?? {}, field))
    .map(({ id }) => shortOf(id));
  if (names.length > mostModels) names.splice(mostModels, Infinity, `${names.length - mostModels} more`);
  return names.length === 0 ? undefined : `${field} is a field of ${names.join(', ')}`;
}
