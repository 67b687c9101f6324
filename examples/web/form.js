// Builds the fields of a model, reads them, and shows at each what is wrong with it.

const labels = {
  negative_prompt: 'Leave out',
  image_size: 'Size',
  num_images: 'How many',
  interpolator_model: 'Interpolator',
};
const mostFieldsAtOnce = 10;

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function toLabel(name) {
  const words = name
    .replace(/_(url|list)$/, '')
    .replace(/_urls$/, 's')
    .replaceAll('_', ' ');
  return labels[name] ?? words[0].toUpperCase() + words.slice(1);
}

function toHint({ about = '', dataUri, items }) {
  const file = dataUri || items?.dataUri ? ', or a file of yours' : '';
  return about.replace(/, or (a )?local [\w ]+ \(`toDataUri`\)/, file).replace(/`'?|'`/g, '"');
}

const toText = (value) => ({ true: 'yes', false: 'no' })[value] ?? String(value).replaceAll('_', ' ');

/** A choice: its first option leaves the field out, so that the API's default counts. */
function makeSelect(attributes, values, usual, more = []) {
  const options = values.map((value) => make('option', { value: JSON.stringify(value) }, toText(value)));
  const first = usual === undefined ? 'Default' : `Default (${toText(usual)})`;
  return make('select', attributes, make('option', { value: '' }, first), ...options, ...more);
}

function readNumber({ value, validity }) {
  // text that is no number has no value; null is refused by the server in its words
  if (validity.badInput) return null;
  return value === '' ? undefined : Number(value);
}

function toDataUri(file) {
  return new Promise((resolve, reject) => {
    const reader = Object.assign(new FileReader(), { onload: () => resolve(reader.result) });
    reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
}

/** The controls of a field, what reads them, and the files in them. */
function makeControls(field, attributes) {
  const { name, type, enum: values, anyOf, items } = field;
  if (anyOf) return makeSize(field, attributes);
  if (values || type === 'boolean') {
    const select = makeSelect(attributes, values ?? [true, false], field.default);
    return { parts: [select], read: () => (select.value ? JSON.parse(select.value) : undefined) };
  }
  if (type === 'integer' || type === 'number') {
    const input = make('input', {
      ...attributes,
      type: 'number',
      step: 'any',
      placeholder: field.default ?? '',
    });
    return { parts: [input], read: () => readNumber(input) };
  }
  const media = field.media ?? items?.media;
  if (!media) {
    const text = make('textarea', { ...attributes, rows: name === 'prompt' ? 4 : 2 });
    return { parts: [text], read: () => text.value || undefined };
  }
  const isList = type === 'array';
  const address = isList
    ? make('textarea', { ...attributes, rows: 2, placeholder: 'https://… one a line' })
    : make('input', { ...attributes, type: 'text', inputMode: 'url', placeholder: 'https://…' });
  const label = `${toLabel(name)}: ${isList ? 'files' : 'a file'} of yours`;
  const picker = make('input', { type: 'file', accept: `${media}/*`, multiple: isList, 'aria-label': label });
  const takesFiles = field.dataUri || items?.dataUri;
  return {
    parts: takesFiles ? [address, picker] : [address],
    files: () => [...picker.files],
    async read({ withFiles }) {
      const files = withFiles ? await Promise.all([...picker.files].map(toDataUri)) : [];
      const lines = address.value
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line && (withFiles || !line.startsWith('data:')));
      const all = [...lines, ...files];
      if (all.length === 0) return undefined;
      return isList ? all : all.at(-1);
    },
  };
}

/** A size: by its name, or by width and height. */
function makeSize({ anyOf, default: usual }, attributes) {
  const { properties } = anyOf.find((branch) => branch.properties);
  const names = anyOf.find((branch) => branch.enum).enum;
  const own = make('option', { value: 'own' }, 'Width and height');
  const select = makeSelect(attributes, names, usual, [own]);
  const sides = Object.entries(properties).map(([side, { minimum, maximum, multipleOf }]) => {
    const id = `${attributes.id}-${side}`;
    const input = make('input', {
      id,
      type: 'number',
      step: 'any',
      'aria-describedby': attributes['aria-describedby'],
    });
    const hint = make('span', { className: 'hint' }, ` ${minimum} to ${maximum}, by ${multipleOf}`);
    return { side, input, row: make('div', {}, make('label', { htmlFor: id }, toLabel(side), hint), input) };
  });
  const pair = make('div', { className: 'pair', hidden: true }, ...sides.map(({ row }) => row));
  select.addEventListener('change', () => {
    pair.hidden = select.value !== 'own';
  });
  return {
    parts: [select, pair],
    read() {
      if (select.value !== 'own') return select.value ? JSON.parse(select.value) : undefined;
      return Object.fromEntries(sides.map(({ side, input }) => [side, readNumber(input)]));
    },
  };
}

function makeField(field) {
  const id = `field-${field.name}`;
  const described = {
    'aria-describedby': `${id}-hint ${id}-error`,
    ...(field.required && { 'aria-required': 'true' }),
  };
  const { parts, ...controls } = makeControls(field, { id, ...described });
  const error = make('p', { id: `${id}-error`, className: 'error' });
  const needed = field.required ? 'Needed. ' : '';
  const hint = make(
    'p',
    { id: `${id}-hint`, className: 'hint' },
    needed,
    toHint(field),
    ' ',
    make('code', {}, field.name),
  );
  const label = make('label', { htmlFor: id }, toLabel(field.name));
  const isWide = parts[0].localName === 'textarea' || parts.length > 1;
  const row = make('div', { className: isWide ? 'field wide' : 'field' }, label, ...parts, hint, error);
  return { ...controls, name: field.name, isRequired: field.required, control: parts[0], row, error };
}

/** Puts the fields of a model into a box. What was typed into a field of the same name stays. */
export function showFields(box, model, before = []) {
  const fields = model.fields.filter(({ name }) => name !== 'model').map(makeField);
  for (const { name, control } of fields) {
    const old = before.find((field) => field.name === name)?.control;
    if (old?.localName !== control.localName || old.value === 'own') continue;
    const isOffered =
      control.localName !== 'select' || [...control.options].some(({ value }) => value === old.value);
    if (isOffered) control.value = old.value;
  }
  const common = /prompt$|_urls?$|^(aspect_ratio|resolution|duration)$/;
  const isRare = ({ name, isRequired }) =>
    fields.length > mostFieldsAtOnce && !isRequired && !common.test(name);
  const rare = fields.filter(isRare);
  box.replaceChildren(...fields.filter((field) => !isRare(field)).map(({ row }) => row));
  if (rare.length > 0) {
    const rows = make('div', { className: 'fields' }, ...rare.map(({ row }) => row));
    box.append(make('details', {}, make('summary', {}, `${rare.length} more settings`), rows));
  }
  return fields;
}

/** The input of the API. A field that nobody touched is left out. */
export async function readFields(fields, model, { withFiles }) {
  const entries = await Promise.all(
    fields.map(async (field) => [field.name, await field.read({ withFiles })]),
  );
  return { model, ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)) };
}

/** Shows each issue at the field that it names. Gives the words of those that name none. */
export function showIssues(fields, issues) {
  const others = [];
  for (const { control, error } of fields) {
    control.removeAttribute('aria-invalid');
    error.textContent = '';
  }
  for (const { path, message: said } of issues) {
    const message = said.replace(/, or a local .* \(toDataUri makes one\)/, ', or a file of yours');
    const [name] = path.split(/[.[]/);
    const field = fields.find((one) => one.name === name);
    if (!field) {
      others.push(`${path} ${message}`);
      continue;
    }
    const words = `${toLabel(name)}${path.slice(name.length).replace('.', ': ')} ${message}.`;
    field.control.setAttribute('aria-invalid', 'true');
    field.error.textContent = [field.error.textContent, words].filter(Boolean).join(' ');
    const details = field.row.closest('details');
    if (details) details.open = true;
  }
  fields.find(({ control }) => control.hasAttribute('aria-invalid'))?.control.focus();
  return others;
}
