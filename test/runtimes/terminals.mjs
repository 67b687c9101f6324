import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openRelay } from './relay.mjs';

const limits = { timeout: 120_000, encoding: 'utf8' };

/** Runs the app in a program with a terminal, which has nothing of the environment but where programs are. */
async function runApp(folder, program, args, facts, variables = {}) {
  const relay = await openRelay();
  try {
    const given = [
      ...args(new URL(relay.url).host),
      'terminal.mjs',
      JSON.stringify({ ...facts, url: relay.url }),
    ];
    const env = { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', ...variables };
    const { stdout } = await promisify(execFile)(program, given, { ...limits, cwd: folder, env });
    return JSON.parse(stdout);
  } finally {
    await relay.close();
  }
}

async function versionOf(program) {
  const { stdout } = await promisify(execFile)(program, ['--version'], limits);
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
}

export async function runBun({ folder, key }) {
  const program = join(folder, 'node_modules/.bin/bun');
  const facts = { apiKey: key, saves: { path: join(folder, 'from-bun.png') } };
  return {
    passed: await runApp(folder, program, () => ['run'], facts),
    title: `bun ${await versionOf(program)}`,
  };
}

/** Without any permission but the network's. */
export async function runDeno({ folder, key }) {
  const program = join(folder, 'node_modules/.bin/deno');
  const facts = { apiKey: key, saves: { says: 'Requires write access' } };
  return {
    passed: await runApp(folder, program, (host) => ['run', '--no-prompt', `--allow-net=${host}`], facts),
    title: `deno ${await versionOf(program)} (--allow-net)`,
  };
}

/** With the key from the environment, and a folder to save to. Each permission is for one thing alone. */
export async function runDenoSaving({ folder, key }) {
  const program = join(folder, 'node_modules/.bin/deno');
  const out = join(folder, 'out');
  const facts = { saves: { path: join(out, 'from-deno.png') } };
  const permitted = [
    `--allow-read=${out}`,
    `--allow-write=${out}`,
    '--allow-env=AIMLAPI_API_KEY,VTRIX_API_KEY',
  ];
  const args = (host) => ['run', '--no-prompt', `--allow-net=${host}`, ...permitted];
  return {
    passed: await runApp(folder, program, args, facts, { AIMLAPI_API_KEY: key, VTRIX_API_KEY: key }),
    title: `deno ${await versionOf(program)} (--allow-net, and of out/ --allow-read --allow-write, --allow-env of the keys)`,
  };
}
