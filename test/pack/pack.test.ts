import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

/** What npm would publish. Processes of their own, which run beside the other tests; `npm run build` came before. */

const execute = promisify(execFile);

/** Runs a program of this project's; its output is part of the error where it fails. */
async function run(program: string, ...given: string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, [program, ...given]).catch((error) => {
    throw new Error(`${program} failed:\n${error.stdout}${error.stderr}`);
  });
  return stdout;
}

it('works for those who install it', async () => {
  const said = await run('test/pack/check.mjs');
  const parts = ['import works', 'require works', 'projects compile', 'run from the installed package'];
  for (const part of parts) expect(said).toContain(part);
}, 300_000);

it('has no fault that publint and are-the-types-wrong know', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-tarball-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // without the scripts: they would build anew what other tests are reading
  const { stdout } = await execute('npm', ['pack', '--ignore-scripts', '--pack-destination', folder]);
  const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '');
  expect(await run('node_modules/publint/src/cli.js', tarball, '--strict')).toContain('All good');
  expect(await run('node_modules/@arethetypeswrong/cli/dist/index.js', tarball)).toContain(
    'No problems found',
  );
}, 300_000);
