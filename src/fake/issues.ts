/** Checks a value against a rule. The issues have the form of the API's `error.data`. */

export interface ObjectRule {
  type: 'object';
  properties: Readonly<Record<string, Rule>>;
  required: readonly string[];
}

export type Rule =
  | { type: 'string'; enum?: readonly string[]; maxLength?: number; format?: 'uri'; urlOnly?: true }
  | NumberRule
  | { type: 'boolean' }
  | { type: 'array'; items: Rule; minItems?: number; maxItems?: number }
  | ObjectRule
  | { anyOf: readonly [Rule, ...Rule[]] };

interface NumberRule {
  type: 'integer' | 'number';
  enum?: readonly number[];
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
}

export interface Issue {
  code: string;
  path: (string | number)[];
  message: string;
  [fact: string]: unknown;
}

/** Lists what breaks the rule. A field without a rule is ignored, as the API does. */
export function findIssues(rule: Rule, value: unknown, path: (string | number)[] = []): Issue[] {
  if ('anyOf' in rule) {
    const attempts = rule.anyOf.map((option) => findIssues(option, value, path));
    if (attempts.some((issues) => issues.length === 0)) return [];
    return [{ code: 'invalid_union', path, message: 'Invalid input', unionErrors: attempts }];
  }
  const received = typeOf(value);
  const fits = rule.type === 'integer' ? Number.isInteger(value) : received === rule.type;
  if (!fits) {
    const message = value === undefined ? 'Required' : `Expected ${rule.type}, received ${received}`;
    return [{ code: 'invalid_type', expected: rule.type, received, path, message }];
  }
  if (typeof value === 'string' && rule.type === 'string') return stringIssues(rule, value, path);
  if (typeof value === 'number' && (rule.type === 'integer' || rule.type === 'number')) {
    return numberIssues(rule, value, path);
  }
  if (Array.isArray(value) && rule.type === 'array') {
    const { minItems = 0, maxItems = Infinity } = rule;
    if (value.length < minItems) return [sizeIssue('too_small', `at least ${minItems} element(s)`, path)];
    if (value.length > maxItems) return [sizeIssue('too_big', `at most ${maxItems} element(s)`, path)];
    return value.flatMap((item, index) => findIssues(rule.items, item, [...path, index]));
  }
  if (rule.type !== 'object' || typeof value !== 'object' || value === null) return [];
  return Object.entries(rule.properties).flatMap(([name, property]) => {
    const field: unknown = Reflect.get(value, name);
    const leftOut = field === undefined && !rule.required.includes(name);
    return leftOut ? [] : findIssues(property, field, [...path, name]);
  });
}

function stringIssues(rule: Extract<Rule, { type: 'string' }>, value: string, path: Issue['path']): Issue[] {
  const { enum: options = [value], maxLength, format, urlOnly } = rule;
  if (!options.includes(value)) return [notOneOfIssue(options, value, path)];
  if (maxLength !== undefined && [...value].length > maxLength) {
    return [sizeIssue('too_big', `at most ${maxLength} character(s)`, path)];
  }
  if (format === 'uri' && !(URL.canParse(value) && !(urlOnly && new URL(value).protocol === 'data:'))) {
    return [{ code: 'invalid_string', validation: 'url', path, message: 'Invalid url' }];
  }
  return [];
}

function numberIssues(rule: NumberRule, value: number, path: Issue['path']): Issue[] {
  const { enum: options = [value], minimum = value, maximum = value, multipleOf } = rule;
  if (!options.includes(value)) return [notOneOfIssue(options, value, path)];
  if (value < minimum) {
    return [
      { code: 'too_small', minimum, path, message: `Number must be greater than or equal to ${minimum}` },
    ];
  }
  if (value > maximum) {
    return [{ code: 'too_big', maximum, path, message: `Number must be less than or equal to ${maximum}` }];
  }
  if (multipleOf === undefined || value % multipleOf === 0) return [];
  return [
    { code: 'not_multiple_of', multipleOf, path, message: `Number must be a multiple of ${multipleOf}` },
  ];
}

function notOneOfIssue(
  options: readonly (string | number)[],
  value: string | number,
  path: Issue['path'],
): Issue {
  const shown = (option: string | number) => (typeof option === 'string' ? `'${option}'` : option);
  const message = `Invalid enum value. Expected ${options.map(shown).join(' | ')}, received ${shown(value)}`;
  return { received: value, code: 'invalid_enum_value', options, path, message };
}

function sizeIssue(code: string, limit: string, path: Issue['path']): Issue {
  return { code, path, message: `Must contain ${limit}` };
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
