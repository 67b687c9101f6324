import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Writes the tables of models in README.md and examples/models.md from the registry: `npm run readme:models`. */

const shortOf = ({ id, aliases }) => aliases[0] ?? id;
const code = (word) => `\`${word}\``;
const list = (words) => words.join(', ');

export function modelsTable(models) {
  const rows = models.map((model) => {
    const { resolution, aspect_ratio: ratio, duration } = model.limits;
    const others = model.aliases.slice(1).filter((alias) => !alias.startsWith('alibaba/'));
    return [
      list([code(shortOf(model)), ...others.map(code)]),
      model.kind,
      list(model.inputs),
      ...[resolution, ratio, duration].map((field) => list((field?.enum ?? []).map(code))),
    ];
  });
  return toTable(['model', 'makes', 'works from', '`resolution`', '`aspect_ratio`', '`duration` (s)'], rows);
}

/** Each field, once for each set of limits. */
export function fieldsTable(models) {
  const rows = new Map();
  for (const model of models) {
    for (const [name, field] of Object.entries(model.limits)) {
      const takes = wordsOf(field);
      const fallback = field.default === undefined ? '' : code(field.default);
      const key = [name, takes, fallback, field.required ? 'yes' : ''].join(' | ');
      rows.set(key, [...(rows.get(key) ?? []), model]);
    }
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  const cells = sorted.map(([key, takers]) => {
    const [name, ...rest] = key.split(' | ');
    return [code(name), ...rest, takersOf(takers, models)];
  });
  return toTable(['field', 'takes', 'default', 'required', 'of'], cells);
}

function takersOf(takers, models) {
  const parts = ['image', 'video'].flatMap((kind) => {
    const all = models.filter((model) => model.kind === kind);
    const some = takers.filter((model) => model.kind === kind);
    if (some.length === all.length) return [`every ${kind} model`];
    return familiesOf(some, all);
  });
  return list(parts);
}

/** The ids; those of a family that is there as a whole by the family's name. */
function familiesOf(some, all) {
  const families = ['wan2.2-vace-fun-a14b-', 'wan2.2-14b-animate-'];
  const rest = new Set(some);
  const names = families.flatMap((family) => {
    const members = all.filter((model) => shortOf(model).startsWith(family));
    if (members.length === 0 || !members.every((model) => rest.has(model))) return [];
    for (const model of members) rest.delete(model);
    return [code(`${family}*`)];
  });
  return [...[...rest].map((model) => code(shortOf(model))), ...names];
}

function wordsOf(field) {
  const { type, anyOf, items, minItems = 0, maxItems, properties, media, dataUri } = field;
  if (anyOf) return anyOf.map(wordsOf).join(', or ');
  if (field.enum) return list(field.enum.map(code));
  if (properties)
    return `\`{ ${list(Object.keys(properties))} }\` of ${wordsOf(Object.values(properties)[0])} each`;
  if (items)
    return `list of ${maxItems === undefined ? '' : `${minItems} to ${maxItems}: `}${wordsOf(items)}`;
  if (media)
    return `http(s) URL of ${{ image: 'a picture', video: 'a video', audio: 'a sound' }[media]}${dataUri ? ', or data URI' : ''}`;
  if (type === 'boolean') return '`true`, `false`';
  const range = field.minimum === undefined ? '' : `, ${field.minimum} to ${field.maximum}`;
  const step = field.multipleOf ? `, in multiples of ${field.multipleOf}` : '';
  if (type !== 'string') return `a ${type === 'integer' ? 'whole number' : 'number'}${range}${step}`;
  const { minLength = 0, maxLength } = field;
  if (maxLength !== undefined) return `${minLength} to ${maxLength} characters`;
  return minLength > 0 ? 'a text of at least 1 character' : 'a text';
}

function toTable(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.map((line) => line.replaceAll('|  |', '| |').replaceAll('|  |', '| |')).join('\n');
}

/** A page with its tables as the models want them. */
export function withTables(page, models) {
  const tables = { models: modelsTable(models), fields: fieldsTable(models) };
  return Object.entries(tables).reduce(
    (text, [name, table]) =>
      text.replace(
        new RegExp(`(<!-- begin: ${name} .*-->\n)[^]*?(<!-- end: ${name} -->)`),
        (_, begin, end) => `${begin}\n${table}\n\n${end}`,
      ),
    page,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { models } = await import('../dist/models.js');
  for (const page of ['../README.md', '../examples/models.md']) {
    const file = new URL(page, import.meta.url);
    await writeFile(file, withTables(await readFile(file, 'utf8'), models()));
  }
}
