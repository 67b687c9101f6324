// Shows the jobs: what each is doing, what it made, what it cost.
import { make } from './form.js';

const words = {
  making: { image: 'Being made', video: 'Starting' },
  looking: { video: 'The answer was lost: looking for it in the log of the API' },
  waiting: { video: 'Being made' },
  saving: { image: 'Saving', video: 'Saving' },
  done: { image: 'Done', video: 'Done' },
  failed: { image: 'Failed', video: 'Failed' },
  stopped: { video: 'Stopped' },
  unsaved: { image: 'Not saved', video: 'Not saved' },
  lost: { image: 'Answer lost', video: 'Answer lost' },
};
const longestTitle = 120;

const dollars = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
export const toUsd = (usd) => `$${dollars.format(usd)}`;

function toTime(ms) {
  // a clock that was set back makes negative times
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function toTitle({ prompt, kind }) {
  if (!prompt) return kind === 'image' ? 'A picture' : 'A video';
  // by letters, because a cut through an emoji shows a broken one
  const letters = [...prompt];
  return letters.length > longestTitle ? `${letters.slice(0, longestTitle).join('').trim()}…` : prompt;
}

function toState({ state, kind, part, etaMs, tookMs }) {
  const about = words[state][kind];
  if (state === 'done') return `${about} in ${toTime(tookMs)}`;
  if (state !== 'waiting' || !part) return about;
  return `${about}: ${Math.round(part * 100)} %${etaMs > 0 ? `, about ${toTime(etaMs)} left` : ''}`;
}

function toCost({ state, usd, isUnderWay }) {
  if (usd !== undefined) return toUsd(usd);
  return isUnderWay || state === 'failed' ? '' : 'cost not told';
}

function makeMedia({ id, kind, model, files, ...job }) {
  return files.flatMap((type, index) => {
    const src = `/jobs/${id}/file/${index + 1}`;
    const alt = toTitle({ kind, ...job });
    const shown =
      kind === 'image'
        ? make('img', { src, alt })
        : make('video', {
            src,
            controls: true,
            preload: 'metadata',
            playsInline: true,
            loop: true,
            'aria-label': alt,
          });
    const number = files.length > 1 ? ` ${index + 1}` : '';
    const download = `${model.replace(/^alibaba\//, '').replaceAll('/', '-')}-${id.slice(0, 8)}${number.trim()}.${type.split('/')[1]}`;
    return [shown, make('a', { href: src, download }, `Download${number}`)];
  });
}

/** The list. `act` does what a button asks for, and `say` tells a screen reader. */
export function openList({ list, sum, act, say }) {
  const items = new Map();

  function makeItem(job) {
    const titleId = `title-${job.id}`;
    const title = make('h3', { id: titleId, dir: 'auto', tabIndex: -1 }, toTitle(job));
    const button = make('button', { type: 'button', className: 'quiet', 'aria-describedby': titleId });
    const item = {
      title,
      button,
      state: make('p', { className: 'state' }),
      about: make('p', { className: 'hint' }),
      more: make('p', { className: 'words' }),
      bar: make('progress', { max: 1, 'aria-label': `Progress of ${toTitle(job)}` }),
      media: make('div', { className: 'media' }),
    };
    item.row = make('li', {}, title, item.about, item.media, item.state, item.bar, item.more, button);
    button.addEventListener('click', () => act(item.job));
    return item;
  }

  function update(job) {
    const item = items.get(job.id) ?? makeItem(job);
    const before = item.job;
    item.job = job;
    if (!before) {
      // the newest is the first
      const rows = [...items.values()].sort((a, b) => b.job.madeAt.localeCompare(a.job.madeAt));
      const older = rows.find((other) => other.job.madeAt < job.madeAt);
      list.insertBefore(item.row, older?.row ?? null);
      items.set(job.id, item);
    }
    item.row.className = job.state;
    item.state.textContent = toState(job);
    item.about.textContent = [job.model.replace(/^alibaba\//, ''), toCost(job)].filter(Boolean).join(' · ');
    item.more.textContent = [job.words, job.trouble].filter(Boolean).join(' ');
    item.bar.hidden = !job.isUnderWay;
    if (job.part) item.bar.value = job.part;
    else item.bar.removeAttribute('value');
    if (!job.action && document.activeElement === item.button) item.title.focus();
    item.button.hidden = !job.action;
    item.button.textContent = job.action ?? '';
    if (job.files.length !== (before?.files.length ?? 0)) item.media.replaceChildren(...makeMedia(job));
    if (before && before.state !== job.state && !job.isUnderWay)
      say(`${words[job.state][job.kind]}: ${toTitle(job)}`);
  }

  function showSum() {
    const jobs = [...items.values()].map(({ job }) => job);
    const told = jobs.filter(({ usd }) => usd !== undefined);
    const total = told.reduce((usd, job) => usd + job.usd, 0);
    const untold = jobs.filter((job) => toCost(job) === 'cost not told').length;
    const rest = untold ? `, without ${untold} whose cost is not told` : '';
    if (jobs.length > 0) sum.textContent = `${jobs.length} in all, ${toUsd(total)} spent${rest}.`;
  }

  return {
    has: (id) => items.has(id),
    update(job) {
      update(job);
      showSum();
    },
    replace(jobs) {
      for (const [id, { row }] of items) {
        if (jobs.some((job) => job.id === id)) continue;
        row.remove();
        items.delete(id);
      }
      for (const job of jobs.toReversed()) update(job);
      showSum();
    },
  };
}
