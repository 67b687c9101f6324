import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Draws what a real terminal (tmux) shows of the command line: `npm run readme:terminal`, after `npm run build`. */

const columns = 96;
const [left, lineHeight, letterWidth] = [20, 22, 8.4];
const typed = "aimlapi-wan video 'a dragon over the sea' -o dragon.mp4 --fake";
const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-'));
const pane = `aimlapi-wan-${process.pid}`;
const tmux = (...words) => execFileSync('tmux', words, { encoding: 'utf8' });
const shown = () => tmux('capture-pane', '-p', '-t', pane).trimEnd().split('\n');

async function until(isThere) {
  for (let tries = 0; tries < 300; tries += 1) {
    const lines = shown();
    if (isThere(lines.join('\n'))) return lines;
    await sleep(50);
  }
  throw new Error(`the terminal shows something else: ${shown().join('\n')}`);
}

const command = `cd ${folder} && env -u CI NO_COLOR=1 ${process.execPath} ${resolve('dist/cli.js')} ${typed.slice(12)}; sleep 9`;
tmux('new-session', '-d', '-s', pane, '-x', String(columns), '-y', '12', command);
try {
  const during = await until((text) => /[1-9]\d? %.*generating/.test(text));
  const after = await until((text) => text.includes('dragon.mp4  '));
  const lines = [`$ ${typed}`, ...during, ...after.slice(-1)];
  writeFileSync('examples/terminal.svg', draw(lines));
} finally {
  tmux('kill-session', '-t', pane);
  rmSync(folder, { recursive: true });
}

function draw(lines) {
  const toXml = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.codePointAt(0)};`);
  const width = Math.round(columns * letterWidth) + 2 * left;
  const height = (lines.length + 1) * lineHeight;
  const rows = lines.map(
    (line, index) => `<text x="${left}" y="${(index + 1) * lineHeight + 4}">${toXml(line)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The command line makes a video">
<rect width="100%" height="100%" rx="8" fill="#16181d"/>
<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6e6e6" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`;
}
