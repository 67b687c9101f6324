// How the figures are shown in RESULTS.md: first those with an aim, then all of them.

const toTable = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const verdict = (aim, isMet) => `${aim}: ${isMet ? 'met' : '**missed**'}`;
const inTimes = (ratio) => `${ratio.toFixed(2)} x`;

/** @param {import('./contest.mjs').Row[]} rows */
export function fullTable(rows) {
  return toTable(
    ['what', 'who', 'measured', 'ours to it', 'aim'],
    rows.map(({ what, who, measured, ratio, aim, isMet }, index) => [
      what === rows[index - 1]?.what ? '' : what,
      who,
      measured,
      ratio === undefined ? '' : inTimes(ratio),
      aim === undefined ? '' : verdict(aim, isMet),
    ]),
  );
}

/**
 * The rows with an aim, by their medians, and what the simulation of the pacing says of its aims.
 *
 * @param {import('./contest.mjs').Row[]} rows
 * @param {string} pace
 */
export function shortTable(rows, pace) {
  const measured = rows
    .filter(({ aim }) => aim !== undefined)
    .map((row) => {
      // a row without a ratio is one of ours, and there may be several: of models, say
      const above = rows.slice(0, rows.indexOf(row) + 1);
      const ours = above.findLast(({ ratio }) => ratio === undefined);
      const subject = ours.who.startsWith('aimlapi-wan') ? '' : `, ${ours.who}`;
      const beside = ours === row ? '' : `${inTimes(row.ratio)} ${row.who}`;
      return [`${row.what}${subject}`, medianIn(ours.measured), beside, verdict(row.aim, row.isMet)];
    });
  return toTable(['what', 'aimlapi-wan', 'beside', 'aim'], [...measured, ...simulatedRows(pace)]);
}

/** A row for each spread of durations; all that it must not cost where a guess is wrong is in one. */
function simulatedRows(pace) {
  const scenes = [
    ...pace.matchAll(
      /^### (.*)$[^#]*?^Aim: (.*?)(?: in each row| on average)?: (met|MISSED) \((?:worst|mean) (\S+) x/gm,
    ),
  ].map(([, title, aim, result, ratio]) => ({ title, aim, isMet: result === 'met', ratio: Number(ratio) }));
  const isSafety = ({ aim }) => aim.includes('at most 1.2 x');
  const worstOf = scenes.filter(isSafety).toSorted((one, other) => other.ratio - one.ratio)[0];
  return [...scenes.filter((scene) => !isSafety(scene)), ...(worstOf ? [worstOf] : [])].map((scene) => [
    `waiting for "done", simulated: ${scene === worstOf ? `worst of nothing known and wrong guesses: ${scene.title}` : scene.title}`,
    '',
    `${inTimes(scene.ratio)} a check every ${/fixed (\d+) s/.exec(scene.aim)[1]} s`,
    verdict(scene.aim, scene.isMet),
  ]);
}

const medianIn = (text) => text.split(' (')[0];
