import type { InputIssue } from '../../base/errors.js';
import { isBytes } from '../../base/kind.js';
import { isRecord } from '../../base/record.js';
import { printable } from '../../base/redact.js';
import { type Checked, findCrowd, isOtherObject, orUnreadable } from '../../input/check.js';
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
  result: Checked<object>;
}

/** Judges an input by the model that it names. Where `kind` is given, a model of the other kind is an issue. */
export function judgeInput(input: unknown, kind?: Kind): Judged {
  let model: KnownModel | undefined;
  const result = orUnreadable<object>(input, () => {
    const read = readInput(input);
    if ('issues' in read) return read;
    const { name, fields } = read.value;
    const found = findKnownModel(name);
    if (!found || (kind ?? found.kind) !== found.kind) {
      return { issues: [issueOfName(explainName(name, kind), name)] };
    }
    model = found;
    return judgeFields(found, fields);
  });
  return { ...(model && { model }), result };
}

/** Judges the input of one model, which need not name it. */
export function judgeInputOf(model: KnownModel, input: unknown): Checked<object> {
  return orUnreadable(input, () => {
    const read = readInput(input);
    if ('issues' in read) return read;
    const { name = model.id, fields } = read.value;
    if (findKnownModel(name) === model) return judgeFields(model, fields);
    return { issues: [issueOfName(`may be left out, or is one of ${model.names.join(', ')}`, name)] };
  });
}

/** The model's name and the other fields of an input, each read once: a getter could give another value later. */
function readInput(input: unknown): Checked<{ name: unknown; fields: object }> {
  if (!isRecord(input) || isBytes(input)) return { issues: [toIssueOfWhole(input)] };
  const crowd = findCrowd('', input);
  if (crowd) return { issues: [crowd] };
  if (isOtherObject(input)) return { issues: [toIssueOfWhole(input)] };
  const { model: name, ...fields } = input;
  return { value: { name, fields } };
}

/** The issue of what is no object, or of one without a field, such as a Promise or a Map. */
function toIssueOfWhole(input: unknown): InputIssue {
  const hint = hintFor({}, input);
  return { path: '', message: hint === undefined ? noObject : `${noObject} (${hint})` };
}

function judgeFields(model: KnownModel, fields: object): Checked<object> {
  const result = model.check(fields, (field) => tellWhoHas(field, model));
  return 'issues' in result ? result : { value: { model: model.id, ...result.value } };
}

function issueOfName(message: string, name: unknown): InputIssue {
  return { path: 'model', message, ...(name !== undefined && { received: printable(name) }) };
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
