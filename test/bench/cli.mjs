// What a start of the command line takes: processor time of its process, over that of one that does nothing.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFakeApi } from '../../dist/testing.js';
import { inShort, medianOf, takeTurns } from './contest.mjs';

const binary = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const nothing = 'a module that prints a line';
const starts = {
  '`--help`': { args: [binary, '--help'], most: 1.2 },
  '`video … --dry-run`': { args: [binary, 'video', 'a fox', '--dry-run'], most: 1.6 },
};

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureCli({ folder, isQuick }) {
  const teller = join(folder, 'tell-cpu.mjs');
  await writeFile(
    teller,
    'process.on("exit", () => { const { user, system } = process.cpuUsage(); process.stderr.write(String((user + system) / 1000)); });\n',
  );
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, "console.log('a line');");
  const server = await createFakeApi().listen();
  const env = { AIMLAPI_BASE_URL: server.url };
  const start = (name) => tellCpu(['--import', teller, ...(starts[name]?.args ?? [empty])], env);
  const names = [nothing, ...Object.keys(starts)];
  await takeTurns(names, 1, start);
  const { [nothing]: bare, ...times } = await takeTurns(names, isQuick ? 5 : 30, start);
  await server.close();
  return Object.entries(times).flatMap(([name, each]) => {
    const what = `command line, CPU of ${name}`;
    const ratio = medianOf(each) / medianOf(bare);
    const { most } = starts[name];
    return [
      { what, who: 'aimlapi-wan', measured: inShort(each, 'ms') },
      {
        what,
        who: nothing,
        measured: inShort(bare, 'ms'),
        ratio,
        aim: `at most ${most} of it`,
        isMet: ratio <= most,
      },
    ];
  });
}

/** Processor milliseconds of a process, which it writes to standard error. */
function tellCpu(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      told += text;
    });
    child.on('error', reject).on('close', () => resolve(Number(told)));
  });
}
