// Joins the form, the list of jobs and the server.
import { make, readFields, showFields, showIssues } from './form.js';
import { openList, toUsd } from './list.js';

const [form, model, box, price, problem, status] = [
  'form',
  '#model',
  '#fields',
  '#price',
  '#problem',
  '#status',
].map((selector) => document.querySelector(selector));
const firstModel = 'alibaba/wan2.5-t2i-preview';
const priceDelayMs = 300;

let sayTimer;
/** Shows a short line, which a screen reader speaks. */
function say(words, shownMs = 6_000) {
  clearTimeout(sayTimer);
  status.textContent = words;
  if (shownMs < Infinity) sayTimer = setTimeout(() => say('', Infinity), shownMs);
}

/** Asks the server to do something. What it refuses is `{ error, issues? }`. */
async function post(path, body) {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    const said = await answer.json();
    return answer.ok ? said : { ...said, error: said.error ?? `The server answered ${answer.status}.` };
  } catch {
    return {
      error: 'The server did not answer. What was under way goes on; look at the jobs before you try again.',
    };
  }
}

const { forms, mostBodyBytes, embedded } = await (await fetch('/models')).json();
const nameOf = (id) => id.replace(/^alibaba\//, '');
for (const [kind, label] of [
  ['image', 'Pictures'],
  ['video', 'Videos'],
]) {
  const options = forms
    .filter((one) => one.kind === kind)
    .map(({ id }) => make('option', { value: id }, nameOf(id)));
  model.append(make('optgroup', { label }, ...options));
}
model.value = firstModel;
document.querySelector('#embedded').hidden = !embedded;
let fields = [];

function showModel() {
  const chosen = forms.find(({ id }) => id === model.value);
  document.querySelector('#model-about').textContent = chosen.about.replaceAll('`', '');
  fields = showFields(box, chosen, fields);
  problem.textContent = '';
}

let priceTimer;
let priceAsked = 0;
function showPriceSoon() {
  clearTimeout(priceTimer);
  priceTimer = setTimeout(showPrice, priceDelayMs);
}
async function showPrice() {
  priceAsked += 1;
  const asked = priceAsked;
  const { error, usd, basis, reason, leftUsd, maxUsd } = await post(
    '/price',
    await readFields(fields, model.value, { withFiles: false }),
  );
  // an older question may be answered later
  if (asked !== priceAsked) return;
  const cost = usd === undefined ? `No price before: ${reason}.` : `Costs ${toUsd(usd)} (${basis}).`;
  price.textContent = error ?? `${cost} Left of the limit: ${toUsd(leftUsd)} of ${toUsd(maxUsd)}.`;
}

/** The words for files that are too large for the server, or `undefined`. */
function findTooLarge() {
  // base64 has four letters for three bytes
  const sizeOf = ({ files }) => (files?.() ?? []).reduce((bytes, file) => bytes + (file.size * 4) / 3, 0);
  const sizes = fields
    .map((field) => ({ path: field.name, bytes: sizeOf(field) }))
    .filter(({ bytes }) => bytes > 0);
  if (sizes.reduce((sum, { bytes }) => sum + bytes, 0) < mostBodyBytes) return undefined;
  const most = Math.floor((mostBodyBytes * 3) / 4 / 1e6);
  return sizes.map(({ path }) => ({
    path,
    message: `is too large: the server takes ${most} MB of files in all`,
  }));
}

/** Inputs that the server has not answered yet. An impatient press must not pay for one of them again. */
const asking = new Set();
const button = form.querySelector('button');
// a double click and a key held down are one wish
button.addEventListener('click', (event) => event.detail > 1 && event.preventDefault());
button.addEventListener('keydown', (event) => event.repeat && event.preventDefault());
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.textContent = '';
  const tooLarge = findTooLarge();
  if (tooLarge) return showIssues(fields, tooLarge);
  const input = await readFields(fields, model.value, { withFiles: true }).catch((error) => error);
  const text = JSON.stringify(input);
  if (asking.has(text)) return;
  asking.add(text);
  say('Asking the server.');
  const answer = input instanceof Error ? { error: input.message } : await post('/jobs', input);
  asking.delete(text);
  const { error, issues = [] } = answer;
  const others = showIssues(fields, issues);
  problem.textContent = issues.length > 0 ? others.join('; ') : (error ?? '');
  say(error ? (issues.length > 0 ? 'Not started: some fields need another value.' : '') : 'Started.');
  // an event may have brought a later state of the job already
  if (!error && !list.has(answer.id)) list.update(answer);
  showPriceSoon();
});
form.addEventListener('input', showPriceSoon);
model.addEventListener('change', showModel);

const list = openList({
  list: document.querySelector('#jobs'),
  sum: document.querySelector('#sum'),
  say,
  async act({ id, action }) {
    const { error } = await post(`/jobs/${id}/${action === 'Stop waiting' ? 'stop' : 'goOn'}`, {});
    if (error) say(error);
  },
});

let events;
function connect() {
  events?.close();
  // a browser opens six connections to a server, so a tab that nobody sees takes none
  if (document.hidden) return;
  events = new EventSource('/events');
  events.addEventListener('open', () => {
    if (!status.textContent.startsWith('The server is away')) return;
    say('The server is back.');
    showPriceSoon();
  });
  events.addEventListener('jobs', ({ data }) => list.replace(JSON.parse(data)));
  events.addEventListener('job', ({ data }) => {
    const job = JSON.parse(data);
    list.update(job);
    if (!job.isUnderWay) showPriceSoon();
  });
  events.addEventListener('error', () => {
    say('The server is away. The page tries again by itself.', Infinity);
    // the browser tries again by itself, but not after a wrong answer of something in between
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 3_000);
  });
}
document.addEventListener('visibilitychange', connect);

showModel();
showPriceSoon();
connect();
