/**
 * The API's rules for a request body, read off its documentation for this file alone: the client's schemas are
 * not asked, so that a mistake in them shows. Issues have the shape of the API's own (`error.data`).
 */

export type Rule =
  | { type: 'string'; enum?: readonly string[]; maxLength?: number; format?: 'uri' }
  | { type: 'integer'; minimum?: number; maximum?: number; multipleOf?: number }
  | { type: 'boolean' }
  | { type: 'array'; items: Rule; minItems: number; maxItems: number }
  | { type: 'object'; properties: Readonly<Record<string, Rule>>; required: readonly string[] }
  | { anyOf: readonly [Rule, ...Rule[]] };

export interface Issue {
  code: string;
  path: (string | number)[];
  message: string;
  [fact: string]: unknown;
}

export interface ModelRules {
  kind: 'image' | 'video';
  /** Credits for one picture or video, as this embedded API bills them. */
  credits: number;
  body: Rule;
}

const side: Rule = { type: 'integer', minimum: 512, maximum: 1440, multipleOf: 32 };
const presets = ['square_hd', 'square', 'portrait_4_3', 'portrait_16_9', 'landscape_4_3', 'landscape_16_9'];

const imageProperties: Record<string, Rule> = {
  model: { type: 'string' },
  prompt: { type: 'string', maxLength: 2000 },
  negative_prompt: { type: 'string', maxLength: 500 },
  image_size: {
    anyOf: [
      { type: 'object', properties: { width: side, height: side }, required: ['width', 'height'] },
      { type: 'string', enum: presets },
    ],
  },
  enhance_prompt: { type: 'boolean' },
  watermark: { type: 'boolean' },
  seed: { type: 'integer', minimum: 0, maximum: 2_147_483_647 },
};
const numImages: Rule = { type: 'integer', minimum: 1, maximum: 4 };
const imageUrls: Rule = { type: 'array', items: { type: 'string', format: 'uri' }, minItems: 1, maxItems: 3 };

function bodyOf(properties: Record<string, Rule>): Rule {
  return { type: 'object', properties, required: ['model', 'prompt'] };
}

export const modelRules: Readonly<Record<string, ModelRules>> = {
  'alibaba/wan2.2-t2i-plus': {
    kind: 'image',
    credits: 105_000,
    body: bodyOf({ ...imageProperties, num_images: numImages }),
  },
  'alibaba/wan2.5-t2i-preview': {
    kind: 'image',
    credits: 63_000,
    body: bodyOf({ ...imageProperties, num_images: numImages }),
  },
  'alibaba/wan-2-6-image': {
    kind: 'image',
    credits: 78_000,
    body: bodyOf({ ...imageProperties, image_urls: imageUrls }),
  },
  'alibaba/wan2.2-t2v-plus': {
    kind: 'video',
    credits: 200_000,
    body: bodyOf({
      model: { type: 'string' },
      prompt: { type: 'string' },
      negative_prompt: { type: 'string' },
      resolution: { type: 'string', enum: ['480P', '1080P'] },
      aspect_ratio: { type: 'string', enum: ['16:9', '9:16', '1:1', '4:3', '3:4'] },
      watermark: { type: 'boolean' },
      seed: { type: 'integer' },
      enhance_prompt: { type: 'boolean' },
    }),
  },
};

/** What in the value breaks the rule. A field without a rule is passed over, as the API does. */
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
  if (typeof value === 'number' && rule.type === 'integer') return integerIssues(rule, value, path);
  if (Array.isArray(value) && rule.type === 'array') {
    const { length } = value;
    if (length < rule.minItems) return [size('too_small', `at least ${rule.minItems} element(s)`, path)];
    if (length > rule.maxItems) return [size('too_big', `at most ${rule.maxItems} element(s)`, path)];
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
  const { enum: options, maxLength, format } = rule;
  if (options && !options.includes(value)) {
    const expected = options.map((option) => `'${option}'`).join(' | ');
    const message = `Invalid enum value. Expected ${expected}, received '${value}'`;
    return [{ received: value, code: 'invalid_enum_value', options, path, message }];
  }
  if (maxLength !== undefined && [...value].length > maxLength) {
    return [size('too_big', `at most ${maxLength} character(s)`, path)];
  }
  if (format === 'uri' && !URL.canParse(value)) {
    return [{ code: 'invalid_string', validation: 'url', path, message: 'Invalid url' }];
  }
  return [];
}

function integerIssues(
  rule: Extract<Rule, { type: 'integer' }>,
  value: number,
  path: Issue['path'],
): Issue[] {
  const { minimum = value, maximum = value, multipleOf = 1 } = rule;
  if (value < minimum) {
    return [
      { code: 'too_small', minimum, path, message: `Number must be greater than or equal to ${minimum}` },
    ];
  }
  if (value > maximum) {
    return [{ code: 'too_big', maximum, path, message: `Number must be less than or equal to ${maximum}` }];
  }
  if (value % multipleOf === 0) return [];
  return [
    { code: 'not_multiple_of', multipleOf, path, message: `Number must be a multiple of ${multipleOf}` },
  ];
}

function size(code: string, limit: string, path: Issue['path']): Issue {
  return { code, path, message: `Must contain ${limit}` };
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
