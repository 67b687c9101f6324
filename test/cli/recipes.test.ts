import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { binary, startWorld } from './run-cli.js';

const page = readFileSync('examples/cli.md', 'utf8');
const recipes = [...page.matchAll(/^## (.+)\n(?:.|\n)*?```sh\n((?:.|\n)*?)```/gm)].map(
  ([, title = '', source = '']) => ({ title, source }),
);

it('has a recipe under each heading', () => {
  expect(recipes.map(({ title }) => title)).toEqual(
    [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title),
  );
});

it.concurrent.each(recipes)('runs: $title', async ({ source }) => {
  const { folder, url } = await startWorld();
  const bin = `${folder}/bin`;
  await mkdir(bin);
  await writeFile(`${bin}/aimlapi-wan`, `#!/bin/sh\nexec ${process.execPath} ${binary} "$@"\n`);
  await chmod(`${bin}/aimlapi-wan`, 0o755);
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: folder,
    AIMLAPI_API_KEY: 'key',
    AIMLAPI_BASE_URL: url,
  };
  const { stderr } = await promisify(execFile)('bash', ['--norc', '-euc', source], { cwd: folder, env });
  expect(stderr).toBe('');
});
