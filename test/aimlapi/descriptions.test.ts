import { describe, expect, test } from 'vitest';
import { jsonSchemaOf } from '../../src/aimlapi/models/json-schema-of.js';
import { models } from '../../src/aimlapi/models/list-models.js';
import { record } from '../../src/base/record.js';
import { readInterfaceDocs } from './interface-docs.js';

/** The text of a default in the docs, such as `'16:9'`, as the value that it stands for. */
function fallbackOf(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text.replaceAll("'", '"'));
}

const interfaces = readInterfaceDocs();

test('every model has one interface', () => {
  expect(interfaces).toHaveLength(models().length);
  for (const { id, aliases } of models()) {
    expect(interfaces.filter(({ names }) => names.includes(id))).toHaveLength(1);
    const found = interfaces.find(({ names }) => names.includes(id));
    expect(found?.names.toSorted()).toEqual([id, ...aliases].toSorted());
  }
});

describe.each(models())('jsonSchemaOf($id)', ({ id, limits }) => {
  const schema = jsonSchemaOf(id);
  const properties = record(schema.properties);
  const docs = interfaces.find(({ names }) => names.includes(id));
  const { model, ...fields } = docs?.fields ?? {};

  test('describes the model and every field as its interface does, with the same default', () => {
    expect(schema.description).toBe(docs?.model);
    expect(schema.description).toBe(model?.text);
    expect(Object.keys(properties).toSorted()).toEqual([...Object.keys(fields), 'model'].toSorted());
    for (const [name, doc] of Object.entries(fields)) {
      const property = record(properties[name]);
      expect([name, property.description]).toEqual([name, doc.text]);
      expect([name, property.default]).toEqual([name, fallbackOf(doc.default)]);
      expect(limits[name]?.default).toEqual(property.default);
    }
  });

  test('has the limits that models() has', () => {
    for (const [name, { required, media, dataUri, items, anyOf, ...known }] of Object.entries(limits)) {
      expect(properties[name]).toMatchObject(known);
      expect([schema.required ?? []].flat().includes(name)).toBe(required === true);
    }
  });
});
