import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import { createFakeApi, type FakeApi, type FakeApiOptions } from '../../src/testing.js';

/** A process of an example, and what it has printed. */
export interface Worker {
  readonly program: ChildProcess;
  output: string;
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>;
}

/** Takes what is to be done after a test. Tests that run side by side each have their own. */
export type OnTestFinished = (close: () => Promise<void>) => void;

export interface Fleet {
  readonly api: FakeApi;
  /** Where the workers save their files. */
  readonly out: string;
  readonly workers: readonly Worker[];
  /** Runs a program with the fleet's environment. `KILL_AT` and `KILL_BY` are those of kill.mjs. */
  run(program: string, options?: { args?: string[]; env?: Record<string, string>; input?: string }): Worker;
  /** Whether the file of an order is there, and is a video. */
  hasVideo(id: string): boolean;
}

/** Programs that share an embedded API on a real socket, and an environment without this machine's keys. */
export async function createFleet(
  onTestFinished: OnTestFinished,
  env: Record<string, string>,
  options: FakeApiOptions = { videoSeconds: 1 },
): Promise<Fleet> {
  const api = createFakeApi(options);
  const server = await api.listen();
  const out = mkdtempSync(join(tmpdir(), 'aimlapi-wan-fleet-'));
  const workers: Worker[] = [];
  onTestFinished(async () => {
    for (const { program } of workers) program.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
    await server.close();
    rmSync(out, { recursive: true, force: true });
  });
  const inherited = Object.entries(process.env).filter(([key]) => !/^(AIML|VTRIX|VITEST|NODE_)/.test(key));
  const common = {
    ...Object.fromEntries(inherited),
    AIMLAPI_API_KEY: 'key-of-a-test',
    AIMLAPI_BASE_URL: server.url,
    OUT: out,
    ...env,
  };
  const hook = pathToFileURL(resolve('test/queue/kill.mjs')).href;
  return {
    api,
    out,
    workers,
    run(file, { args = [], env: more = {}, input = '' } = {}) {
      const program = spawn(process.execPath, ['--import', hook, file, ...args], {
        env: { ...common, ...more },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const worker: Worker = { program, output: '', ended: once(program, 'close') };
      for (const stream of [program.stdout, program.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          worker.output += text;
        });
      }
      program.stdin.end(input);
      workers.push(worker);
      return worker;
    },
    hasVideo(id) {
      const file = join(out, `${id}.mp4`);
      return existsSync(file) && readFileSync(file).toString('latin1', 4, 8) === 'ftyp';
    },
  };
}

/** Ends a worker, as `kill -9` does. */
export async function kill({ program, ended }: Worker): Promise<void> {
  program.kill('SIGKILL');
  await ended;
}

/** Waits until something holds. Where it never does, what the workers printed is part of the error. */
export async function waitUntil({ workers }: Pick<Fleet, 'workers'>, what: () => unknown): Promise<void> {
  const check = async () => {
    if (!(await what())) throw new Error(`not so yet: ${what}`);
  };
  await vi.waitFor(check, { timeout: 180_000, interval: 100 }).catch((error) => {
    const printed = workers.map(({ output, program }) => `--- ${program.pid}\n${output.slice(-2_000)}`);
    throw new Error(`${error.message}\n${printed.join('\n')}`);
  });
}

/** How often each create was paid for, by the client request ids in the embedded API's log. */
export async function countPayments({ api }: Pick<Fleet, 'api'>): Promise<Map<string, number>> {
  const query = new URLSearchParams({ period: '24h', limit: '100', status: 'succeeded' });
  const answer = await api.fetch(`https://api.example/v2/logs?${query}`, {
    headers: { authorization: 'Bearer key-of-a-test' },
  });
  const { data } = (await answer.json()) as { data: { client_request_id: string }[] };
  const counts = new Map<string, number>();
  for (const { client_request_id: id } of data) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
