import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFakeApi, type FakeApiOptions } from '../../src/testing.js';
import { makeFolder } from '../media/file-server.js';

export const binary = resolve('dist/cli.js');
if (!existsSync(binary)) throw new Error('npm run build comes first');

interface Row {
  line: number;
  key: string;
  [field: string]: unknown;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Standard output, each line parsed. */
  rows: Row[];
}

interface RunOptions {
  input?: string;
  env?: Record<string, string>;
  /** A shell's words before the command, such as `ulimit -f 0;`. */
  before?: string;
  /** Called again and again; the process gets the signal once it gives true. */
  signalWhen?: [signal: NodeJS.Signals, isTime: () => boolean];
}

/** A folder of work, an embedded API over real sockets, and the built command line as a process. */
export async function startWorld(options: FakeApiOptions = {}) {
  const folder = await makeFolder();
  const api = createFakeApi({ videoSeconds: 0.05, ...options });
  const server = await api.listen();
  onTestFinished(() => server.close());
  const state = `${folder}/state/aimlapi-wan`;

  async function run(
    args: string[],
    { input = '', env, before, signalWhen }: RunOptions = {},
  ): Promise<Ended> {
    const command = [process.execPath, binary, ...args];
    const [file = '', ...rest] = before ? ['bash', '-c', `${before} exec "$@"`, 'bash', ...command] : command;
    const child = spawn(file, rest, {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        XDG_STATE_HOME: `${folder}/state`,
        AIMLAPI_API_KEY: 'secret-key-0123456789',
        AIMLAPI_BASE_URL: server.url,
        ...env,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const timer = setInterval(() => {
      if (!signalWhen?.[1]()) return;
      // a second one would end the process before it can say anything
      clearInterval(timer);
      child.kill(signalWhen[0]);
    }, 5);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((settle) => {
      child.on('close', (...ending) => settle(ending));
    });
    clearInterval(timer);
    const lines = stdout.split('\n').filter(Boolean);
    const rows = lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
    return { code, signal, stdout, stderr, rows };
  }

  return { folder, api, state, url: server.url, run };
}

/** Lines of a batch. */
export const toLines = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
