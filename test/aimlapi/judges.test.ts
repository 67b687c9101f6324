import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { modelRules } from '../../src/fake/rules.js';
import { checkInput, jsonSchemaOf, schemaOf } from '../../src/models.js';
import { badOf, goodOf, link } from './cases.js';

/** The three that judge an input: `checkInput`, the Standard Schema, and JSON Schema in a library that is not ours. */

const ajv = new Ajv2020({ strict: true, allErrors: true });

interface Judges {
  check(input: object): boolean;
  standard(input: object): boolean;
  json(input: object): boolean;
}

function judgesOf(id: string): Judges {
  const { validate } = schemaOf(id)['~standard'];
  const json = ajv.compile(jsonSchemaOf(id));
  return {
    check: (input) => checkInput(input).issues === undefined,
    standard: (input) => validate(input).issues === undefined,
    json: (input) => json(input),
  };
}

const texts = [
  '',
  ' ',
  '\u200b',
  '\u3164\u2800',
  'x',
  'a\nb',
  '\u00a0x',
  '🦖'.repeat(500),
  '🦖'.repeat(2000),
  'é'.repeat(2001),
];
const addresses = [
  ...[
    'http://a.example',
    'HTTPS://a.example/b c?d#e',
    'https://a.example/b ',
    ' https://a.example',
    'https://',
  ],
  ...[
    'https:a.example',
    'https://a.example/\nb',
    'http://localhost/a.png',
    'http://10.0.0.1/',
    'ftp://a.example/b',
  ],
  ...['file:///a.png', 'a.png', 'https://龍.example/é', 'http://[::1]/', 'https://u:p@a.example/'],
  ...['data:image/png;base64,iVBORw0KGgo=', 'DATA:IMAGE/svg+xml;BASE64,PHN2Zz4=', 'data:image/png;base64,'],
  ...[
    'data:image/png;base64,iVBOR===',
    'data:image/png;base64,iVBOR w0KGgo=',
    'data:image/png,iVBO',
    'data:video/mp4;base64,AAAA',
  ],
  ...['data:text/plain;base64,aGVs', 'data:image/png;base64,AA', 'data:image/png;base64,AA=='],
];
const others = [
  0,
  -0,
  -1,
  1.5,
  2 ** 53,
  1e300,
  true,
  false,
  null,
  {},
  [],
  [[]],
  { width: 512, height: 512 },
  { width: 513 },
];
const lists = [[], [link], [link, link], Array(5).fill(link), Array(6).fill(link), [link, 'x'], [5], [null]];
const anything: readonly unknown[] = [...texts, ...addresses, ...others, ...lists];

/** Inputs of one model: the least, each field with all values that some rule takes or refuses, pairs, other fields. */
function* inputsOf(id: string): Generator<Record<string, unknown>> {
  const { body } = modelRules[id] ?? {};
  if (!body) throw new Error(`there are no rules of ${id}`);
  const fields = Object.entries(body.properties).filter(([name]) => name !== 'model');
  const least: Record<string, unknown> = { model: id };
  for (const [name, rule] of fields) {
    if (!body.required.includes(name)) continue;
    least[name] = 'type' in rule && rule.type === 'array' ? [link] : goodOf(name, rule)[0];
  }
  yield least;
  for (const model of [id, id.replace('alibaba/', ''), id.toUpperCase(), 'wan-9', '', 5, null])
    yield { ...least, model };
  for (const [name, rule] of fields) {
    const { [name]: _, ...rest } = least;
    yield rest;
    for (const value of [...goodOf(name, rule), ...badOf(rule), ...anything])
      yield { ...least, [name]: value };
  }
  for (const name of ['colour', 'Prompt', 'constructor', 'toString', '']) yield { ...least, [name]: 'x' };
  yield JSON.parse(`{"__proto__":1,${JSON.stringify(least).slice(1)}`);
  for (const shot_type of ['single', 'multi']) {
    for (const enhance_prompt of [true, false]) yield { ...least, shot_type, enhance_prompt };
  }
}

describe('checkInput, the Standard Schema and JSON Schema', () => {
  const counts = { inputs: 0, good: 0, agreed: 0 };

  test.each(Object.keys(modelRules))('judge alike of %s', (id) => {
    const judges = judgesOf(id);
    const disagreements: unknown[] = [];
    for (const input of inputsOf(id)) {
      const said = [judges.check(input), judges.standard(input), judges.json(input)];
      counts.inputs += 1;
      if (said[0]) counts.good += 1;
      if (new Set(said).size === 1) counts.agreed += 1;
      else disagreements.push([JSON.stringify(input).slice(0, 200), said]);
    }
    expect(disagreements).toEqual([]);
  });

  test('were asked of thousands of inputs, good and bad', () => {
    expect(counts.inputs).toBeGreaterThan(15_000);
    expect(counts.good).toBeGreaterThan(1_000);
    expect(counts.inputs - counts.good).toBeGreaterThan(10_000);
    expect(counts.agreed).toBe(counts.inputs);
    console.log(
      `${counts.inputs} inputs, ${counts.good} of them good: the three judges agree on ${counts.agreed}`,
    );
  });

  test.each([
    ['a port that is none', 'https://a.example:99999/'],
    ['a host that is none', 'https://a b/'],
    ['an IPv6 address that is none', 'http://[::zz]/'],
    ['base64 with a byte cut in two', 'data:image/png;base64,AAAAA'],
    ['an address of 70 kB', `https://a.example/${'x'.repeat(70_000)}`],
  ])('differ where JSON Schema cannot look: %s', (_, image_url) => {
    const judges = judgesOf('alibaba/wan-2-6-i2v');
    const input = { model: 'wan-2-6-i2v', prompt: 'x', image_url };
    expect([judges.check(input), judges.standard(input), judges.json(input)]).toEqual([false, false, true]);
  });

  test('judge a data URI of 14 MB alike', () => {
    const judges = judgesOf('alibaba/wan-2-6-i2v');
    const input = {
      model: 'wan-2-6-i2v',
      prompt: 'x',
      image_url: `data:image/png;base64,${'iVBO'.repeat(3_500_000)}`,
    };
    expect([judges.check(input), judges.standard(input), judges.json(input)]).toEqual([true, true, true]);
  });
});
