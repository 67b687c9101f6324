import { describe, expect, test } from 'vitest';
import { toCheckedCreate } from '../../src/aimlapi/models/checked-create.js';
import { models } from '../../src/aimlapi/models/list-models.js';
import { InvalidInputError } from '../../src/base/errors.js';
import { findIssues } from '../../src/fake/issues.js';
import { aliasesOf, modelRules } from '../../src/fake/rules.js';
import { badOf, goodOf, link } from './cases.js';

// the embedded API's rules were read off the documentation without a look at the client's schemas

/** The least that the model takes. */
function leastOf(id: string): Record<string, unknown> {
  const body = modelRules[id]?.body;
  const fields = Object.entries(body?.properties ?? {})
    .filter(([name]) => name !== 'model' && body?.required.includes(name))
    .map(([name, rule]) => [name, 'type' in rule && rule.type === 'array' ? [link] : goodOf(name, rule)[0]]);
  return { ...Object.fromEntries(fields), model: id };
}

function refusalOf(kind: 'image' | 'video', input: unknown): InvalidInputError {
  try {
    toCheckedCreate(kind, input);
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error(`it was let through: ${JSON.stringify(input).slice(0, 200)}`);
}

const every = Object.entries(modelRules);

test('the API and the client know the same 27 models, by the same names', () => {
  expect(every).toHaveLength(27);
  expect(
    models()
      .map(({ id, kind }) => `${kind} ${id}`)
      .toSorted(),
  ).toEqual(every.map(([id, { kind }]) => `${kind} ${id}`).toSorted());
  for (const { id, aliases } of models()) {
    expect(aliases.filter((alias) => alias.startsWith('alibaba/'))).toEqual(aliasesOf(id));
    for (const name of aliases)
      expect(toCheckedCreate(modelRules[id]?.kind ?? 'image', { ...leastOf(id), model: name })).toMatchObject(
        {
          model: id,
          body: { model: id },
        },
      );
  }
});

describe.each(every)('%s', (id, { kind, body }) => {
  const fields = Object.entries(body.properties).filter(([name]) => name !== 'model');

  test('toCheckedCreate() knows its fields and no others', () => {
    const known = models().find((model) => model.id === id)?.limits ?? {};
    expect(Object.keys(known).toSorted()).toEqual(fields.map(([name]) => name).toSorted());
    expect(Object.keys(known).filter((name) => known[name]?.required)).toEqual(
      body.required.filter((name) => name !== 'model'),
    );
    expect(refusalOf(kind, { ...leastOf(id), colour: 'red' }).issues.map(({ path }) => path)).toEqual([
      'colour',
    ]);
  });

  test('toCheckedCreate() takes the least, and refuses less', () => {
    expect(toCheckedCreate(kind, leastOf(id)).body).toEqual(leastOf(id));
    expect(findIssues(body, leastOf(id))).toEqual([]);
    for (const name of body.required.filter((required) => required !== 'model')) {
      const { issues } = refusalOf(kind, { ...leastOf(id), [name]: undefined });
      expect(issues.map(({ path }) => path)).toEqual([name]);
      expect(issues[0]?.message).toMatch(/^is missing: it takes /);
    }
  });

  test.each(fields)('toCheckedCreate() takes of %s what the API takes', (name, rule) => {
    for (const value of goodOf(name, rule)) {
      const input = { ...leastOf(id), [name]: value };
      expect(findIssues(body, input), 'the API').toEqual([]);
      expect(toCheckedCreate(kind, input).body).toEqual(input);
    }
  });

  test.each(fields)('toCheckedCreate() refuses of %s what the API refuses, and names it', (name, rule) => {
    for (const value of badOf(rule)) {
      const input = { ...leastOf(id), [name]: value };
      expect(findIssues(body, input), 'the API').not.toEqual([]);
      const { issues, message, model } = refusalOf(kind, input);
      expect(model).toBe(id);
      for (const issue of issues) expect(issue.path.split(/[.[]/)[0]).toBe(name);
      expect(message).toMatch(/Nothing was sent$/);
    }
  });
});
