// What pacing the status checks saves: a simulation with the client's own src/job/durations.ts, the same on every run.
// Usage: node test/bench/pace.mjs [seed]
import { groups } from './pace-scenes.mjs';
import { jobsOfARow, loadDurations, others, simulate } from './pace-simulation.mjs';

const mostLate = 1.1;
const mostUnsafe = 1.2;
/** Other longest pauses than that of the client, in seconds. */
const otherSlowest = [15, 20, 25, 40];
const seed = Number(process.argv[2] ?? 20);

const cell = ({ delay, late, requests, product }) =>
  `${delay.toFixed(1)} / ${late.toFixed(1)} / ${requests.toFixed(1)} / ${product.toFixed(0)}`;
const printRow = (cells) => console.log(`| ${cells.join(' | ')} |`);
function printHead(cells) {
  printRow(cells);
  printRow(cells.map(() => '---'));
}

const worstOf = (ratios, key) => Math.max(...ratios.map((ratio) => ratio[key]));
const meanOf = (ratios, key) => ratios.reduce((sum, ratio) => sum + ratio[key], 0) / ratios.length;
const inTimes = (value) => `${value.toFixed(2)} x`;
const result = (isMet) => (isMet ? 'met' : 'MISSED');

function verdict({ aim, isSafety }, ratios) {
  const by = (of) =>
    ['delay', 'requests', 'product'].map((key) => `${key} ${inTimes(of(ratios, key))}`).join(', ');
  const facts = `Mean of the rows: ${by(meanOf)} fixed 10 s. Worst row: ${by(worstOf)} fixed 10 s; 95 % of the delays at most ${inTimes(worstOf(ratios, 'late'))} fixed 15 s.`;
  const [most, of, where] = isSafety ? [mostUnsafe, worstOf, 'in each row'] : [aim, meanOf, 'on average'];
  if (most === undefined) return facts;
  const product = of(ratios, 'product');
  const word = isSafety ? 'worst' : 'mean';
  return `Aim: delay x requests at most ${most} x fixed 10 s ${where}: ${result(product <= most)} (${word} ${inTimes(product)}). ${facts}`;
}

function printGroup(createDurations, group) {
  const names = ['paced', ...Object.keys(others)];
  console.log(`### ${group.title}\n`);
  printHead(['jobs', ...names, 'by fixed 10 s', '95 % by fixed 15 s']);
  const ratios = group.scenes.map((scene) => {
    const { rows, ratio } = simulate(createDurations, scene, seed);
    const short = ['delay', 'requests', 'product'].map((key) => ratio[key].toFixed(2)).join(', ');
    printRow([scene.name, ...names.map((name) => cell(rows[name])), short, ratio.late.toFixed(2)]);
    return ratio;
  });
  console.log(`\n${verdict(group, ratios)}\n`);
  return ratios;
}

/** What other longest pauses would make of each group in which jobs were seen. */
async function printOtherSlowest(ratiosOf) {
  const ways = { 'fixed 10 s': others['fixed 10 s'], 'fixed 15 s': others['fixed 15 s'] };
  const clients = await Promise.all(otherSlowest.map((seconds) => loadDurations(seconds * 1000)));
  const inShort = (ratios) =>
    `${meanOf(ratios, 'product').toFixed(2)} / ${worstOf(ratios, 'late').toFixed(2)}`;
  console.log('### Other longest pauses\n');
  console.log(
    'Mean of the rows: delay x requests by fixed 10 s / worst row: 95 % of the delays by fixed 15 s.\n',
  );
  printHead(['jobs', 'as it is', ...otherSlowest.map((seconds) => `up to ${seconds} s`)]);
  for (const [{ title, scenes }, ratios] of ratiosOf) {
    if (scenes.every(({ seen }) => seen === 0)) continue;
    const cells = clients.map((createDurations) =>
      inShort(scenes.map((scene) => simulate(createDurations, scene, seed, ways).ratio)),
    );
    printRow([title, inShort(ratios), ...cells]);
  }
}

console.log('Each cell: mean delay in s / 95 % of the delays below, in s / requests / delay x requests.');
console.log('"by fixed 10 s" is paced by fixed 10 s: mean delay, requests, delay x requests.');
console.log(
  `Each row: the same ${jobsOfARow.toLocaleString('en')} jobs. Jobs that were seen were polled in the same way before.\n`,
);
const createDurations = await loadDurations();
const ratiosOf = new Map(groups.map((group) => [group, printGroup(createDurations, group)]));
const late = worstOf([...ratiosOf.values()].flat(), 'late');
console.log('### The 95 % delay of all rows above\n');
console.log(
  `Aim: 95 % of the delays at most ${mostLate} x fixed 15 s in each row: ${result(late <= mostLate)} (worst ${inTimes(late)}).\n`,
);
await printOtherSlowest(ratiosOf);
