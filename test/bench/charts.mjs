// The README's charts, drawn from recorded figures: npm run readme:charts. A test holds them.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const shortNames = { '@runwayml/sdk': 'runway', '@fal-ai/client': 'fal' };

/** The paid creates of one lost answer, out of the first row of the table in examples/paying-once.md. */
export function paidCreates(page) {
  const cellsOf = (line) => line.split('|').slice(2, -1);
  const [, head] = /^(\| fault \|.*)$/m.exec(page);
  const [, row] = /^(\| create accepted, then the connection drops: paid creates \|.*)$/m.exec(page);
  const names = cellsOf(head).map((cell) => cell.trim());
  return cellsOf(row).map((cell, index) => ({
    name: names[index],
    figure: Number(cell.replaceAll('*', '')),
  }));
}

/** The medians of the cold import (ESM) in RESULTS.md, ours last, as in the other chart. */
export function importTimes(results) {
  const [, full] = results.split('## In full');
  const [, rows] = /^\| cold import, CPU, ESM ([\s\S]*?)^\| cold import, CPU, CJS/m.exec(full);
  const times = [...rows.matchAll(/\| (\S+) \| ([\d.]+) ms/g)].map(([, name, ms]) => ({
    name: shortNames[name] ?? name,
    figure: Number(ms),
  }));
  const [ours, ...others] = times;
  return [...others, ours];
}

function barChart(title, unit, bars) {
  const most = Math.max(...bars.map(({ figure }) => figure));
  const step = 10 ** Math.floor(Math.log10(most));
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${title}"`,
    `  x-axis [${bars.map(({ name }) => `"${name}"`).join(', ')}]`,
    `  y-axis "${unit}" 0 --> ${Math.ceil(most / step) * step}`,
    `  bar [${bars.map(({ figure }) => figure).join(', ')}]`,
    '```',
  ].join('\n');
}

/** What the last run missed of its aims. */
function missedIn(results) {
  const [short] = results.split('## In full');
  const missed = [...short.matchAll(/^\| (.*?) \|.*\*\*missed\*\* \|$/gm)].map(([, what]) => what);
  if (missed.length === 0) return 'The last run of the benchmark met all its aims.';
  return `Aims that the last run of the benchmark missed: ${[...new Set(missed)].join('; ')}.`;
}

/** The README with its charts as the figures want them. */
export function withCharts(readme, { payingOnce, results }) {
  const charts = [
    barChart('Paid creates when one answer is lost', 'paid creates', paidCreates(payingOnce)),
    barChart('Import, milliseconds of CPU', 'ms', importTimes(results)),
    missedIn(results),
  ];
  return readme.replace(
    /(<!-- begin: charts .*-->\n)[\s\S]*?(<!-- end: charts -->)/,
    (_, begin, end) => `${begin}\n${charts.join('\n\n')}\n\n${end}`,
  );
}

export async function writeCharts() {
  const read = (page) => readFile(new URL(`../../${page}`, import.meta.url), 'utf8');
  const [readme, payingOnce, results] = await Promise.all(
    ['README.md', 'examples/paying-once.md', 'test/bench/RESULTS.md'].map(read),
  );
  await writeFile(new URL('../../README.md', import.meta.url), withCharts(readme, { payingOnce, results }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeCharts();
