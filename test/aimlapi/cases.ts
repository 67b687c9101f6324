import type { Rule } from '../../src/fake/issues.js';

/** Values that the API takes and refuses by its own rules, for any of its fields. */

export const link = 'https://example.com/file';
const png = 'data:image/png;base64,iVBORw0KGgo=';
const mp4 = 'data:video/mp4;base64,AAAAIGZ0eXA=';

/** What the field takes: every word, both ends of every range. */
export function goodOf(field: string, rule: Rule): unknown[] {
  if ('anyOf' in rule) return rule.anyOf.flatMap((option) => goodOf(field, option));
  switch (rule.type) {
    case 'boolean':
      return [true, false];
    case 'object':
      return [
        Object.fromEntries(
          Object.entries(rule.properties).map(([name, part]) => [name, goodOf(name, part)[0]]),
        ),
      ];
    case 'array': {
      const items = goodOf(field, rule.items);
      const { minItems = 0, maxItems = 8 } = rule;
      return [minItems, maxItems].map((length) => Array.from({ length }, (_, i) => items[i % items.length]));
    }
    case 'string': {
      if (rule.enum) return [...rule.enum];
      if (rule.format !== 'uri') return ['a dragon', 'é'.repeat(rule.maxLength ?? 5000)];
      const dataUris = field.startsWith('video') ? [mp4] : [png];
      return [link, ...(rule.urlOnly ? [] : dataUris)];
    }
    default: {
      const { minimum, maximum } = rule;
      if (rule.enum) return [...rule.enum];
      return minimum === undefined
        ? [0, 7, -7, ...(rule.type === 'number' ? [0.5] : [])]
        : [minimum, maximum];
    }
  }
}

/** What it refuses: other types, one more and one less, almost the same word. */
export function badOf(rule: Rule): unknown[] {
  if ('anyOf' in rule) return [null, 5, true, 'nonsense', []];
  switch (rule.type) {
    case 'boolean':
      return [null, 'true', 1];
    case 'object':
      return [null, 'x', 5];
    case 'array': {
      const { minItems = 0, maxItems } = rule;
      const lengths = [
        ...(minItems > 0 ? [minItems - 1] : []),
        ...(maxItems === undefined ? [] : [maxItems + 1]),
      ];
      return [
        null,
        link,
        ...badOf(rule.items).map((item) => [item]),
        ...lengths.map((length) => Array(length).fill(link)),
      ];
    }
    case 'string': {
      const wrong: unknown[] = [null, 5, true, ['x']];
      if (rule.enum)
        return [
          ...wrong,
          '',
          'nonsense',
          ...rule.enum.map(otherCase).filter((word) => !rule.enum?.includes(word)),
        ];
      if (rule.maxLength !== undefined) wrong.push('é'.repeat(rule.maxLength + 1));
      if (rule.format === 'uri')
        wrong.push(
          '',
          'cat.png',
          './cat.png',
          'iVBORw0KGgoAAAANSUhEUgAA',
          ...(rule.urlOnly ? [png, mp4] : []),
        );
      return wrong;
    }
    default: {
      const wrong: unknown[] = [null, '5', true, ...(rule.type === 'integer' ? [1.5] : [])];
      if (rule.enum) wrong.push(0, ...rule.enum.map(String));
      if (rule.minimum !== undefined) wrong.push(rule.minimum - 1);
      if (rule.maximum !== undefined) wrong.push(rule.maximum + 1);
      return wrong;
    }
  }
}

function otherCase(word: string): string {
  return word === word.toLowerCase() ? word.toUpperCase() : word.toLowerCase();
}
