import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { createFakeApi, type FakeApi, type FakeApiOptions } from '../../src/testing.js';

export const built = existsSync('dist/index.js') && existsSync('dist/models.js');
export const key = 'key-that-no-answer-may-show';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
  text: string;
  /** What the text says as JSON, or an empty object. */
  json: Record<string, unknown>;
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer | object;
}

export function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function toList(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(toRecord) : [];
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The server of examples/web as a process of its own, and the embedded API that it uses. */
export class App {
  readonly api: FakeApi;
  readonly folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-web-'));
  readonly #env: Record<string, string>;
  #child: ChildProcess | undefined;
  url = '';
  /** Everything that the server printed. */
  printed = '';

  constructor(api: FakeApi, env: Record<string, string>) {
    this.api = api;
    this.#env = env;
  }

  async start(): Promise<void> {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(AIML|NODE_)|_PROXY$/i.test(name));
    const port = new URL(this.url || 'http://127.0.0.1:0').port || '0';
    const child = spawn(process.execPath, [resolve('examples/web/server.mjs')], {
      env: { ...Object.fromEntries(inherited), PORT: port, DATA: this.folder, POLL_MS: '100', ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        this.printed += text;
      });
    const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    const address = /^http:\S+/.exec(String(said))?.[0];
    if (!address) throw new Error(`the server did not start (${said}): ${this.printed}`);
    this.url = address;
  }

  /** Ends the server's process, and gives its exit code. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = await ended;
    return code;
  }

  /** The most memory that the server's process has held, in MB. Linux alone tells it. */
  peakMegabytes(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_000;
  }

  /** Keeps videos from being done, so that a slow machine misses nothing. Gives what lets them go on. */
  holdVideos(): () => void {
    this.api.fault({ kind: 'status', status: 'generating', times: 100_000 });
    return () => void this.api.clearFaults();
  }

  async restart(): Promise<void> {
    await this.end();
    await this.start();
  }

  ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
    const isText = typeof body === 'string' || Buffer.isBuffer(body);
    return new Promise((done, fail) => {
      const sent = request(new URL(path, this.url), { method, headers }, async (received) => {
        const bytes = await buffer(received);
        const text = bytes.toString();
        const { statusCode: status = 0, headers: all } = received;
        done({ status, headers: all, bytes, text, json: toRecord(toJson(text)) });
      });
      sent.on('error', fail);
      sent.end(isText ? body : body && JSON.stringify(body));
    });
  }

  /** The stored jobs, as the server has them on disk. */
  stored(): Record<string, unknown>[] {
    const names = readdirSync(this.folder).filter((name) => name.endsWith('.json'));
    return names.map((name) => toRecord(toJson(readFileSync(join(this.folder, name), 'utf8'))));
  }
}

/** Starts the page with an API of its own. Both end with the test. */
export async function openApp(options: FakeApiOptions = {}, env: Record<string, string> = {}): Promise<App> {
  const api = createFakeApi({ apiKey: key, videoSeconds: 0.5, ...options });
  const { url, close } = await api.listen();
  const app = new App(api, { AIMLAPI_API_KEY: key, AIMLAPI_BASE_URL: url, ...env });
  onTestFinished(async () => {
    await app.end();
    await close();
    rmSync(app.folder, { recursive: true, force: true });
  });
  await app.start();
  return app;
}

/** One browser: its cookie, and what the server tells it. */
export class Visitor {
  readonly #app: App;
  #cookie = '';

  constructor(app: App) {
    this.#app = app;
  }

  async ask(path: string, asked: Asked = {}): Promise<Answer> {
    const headers = { ...(this.#cookie && { cookie: this.#cookie }), ...asked.headers };
    const answer = await this.#app.ask(path, { ...asked, headers });
    this.#cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? this.#cookie;
    return answer;
  }

  post(path: string, body: Asked['body'], headers: Record<string, string> = {}): Promise<Answer> {
    const all = { 'content-type': 'application/json', ...headers };
    return this.ask(path, { method: 'POST', headers: all, body: body ?? {} });
  }

  /** All jobs, as a page that comes back gets them. */
  jobs(): Promise<Record<string, unknown>[]> {
    return new Promise((done, fail) => {
      const headers = { cookie: this.#cookie };
      const sent = request(new URL('/events', this.#app.url), { headers }, (received) => {
        let text = '';
        received.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
          const data = /^event: jobs\ndata: (.*)$/m.exec(text)?.[1];
          if (data === undefined) return;
          sent.destroy();
          done(toList(toJson(data)));
        });
      });
      sent.on('error', fail).end();
    });
  }

  /** The first job as soon as it is in this state. */
  async until(state: string, id?: unknown): Promise<Record<string, unknown>> {
    for (;;) {
      const job = (await this.jobs()).find((one) => id === undefined || one.id === id);
      if (job?.state === state) return job;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

export const video = { model: 'wan2.2-t2v-plus', prompt: 'a paper boat' };
export const picture = { model: 'wan2.5-t2i-preview', prompt: 'a lighthouse' };
