import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/** A server program that a test starts on a free port, with its data in a folder of its own. */
export interface Server {
  readonly port: number;
  /** Ends it as a crash would, or (by default) as its owner would. */
  stop(signal?: 'SIGKILL'): Promise<void>;
  /** Starts it again, on the same port with the same data. */
  start(): Promise<void>;
  /** Stops it, and removes its data. */
  close(): Promise<void>;
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || !address) throw new Error('there is no port');
  return address.port;
}

async function connects(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

interface Program {
  run(port: number): ChildProcess;
  /** Rejects until the server takes commands. */
  isUp(port: number): Promise<unknown>;
  stopSignal: NodeJS.Signals;
}

async function serve(folder: string, { run, isUp, stopSignal }: Program): Promise<Server> {
  const port = await findFreePort();
  let program: ChildProcess | undefined;
  const server: Server = {
    port,
    async start() {
      const started = run(port);
      program = started;
      const check = async () => {
        if (started.exitCode !== null) throw new Error(`the server ended with ${started.exitCode}`);
        await isUp(port);
      };
      await vi.waitFor(check, { timeout: 60_000, interval: 50 });
    },
    async stop(signal) {
      if (!program || program.exitCode !== null || program.signalCode !== null) return;
      const ended = once(program, 'exit');
      program.kill(signal ?? stopSignal);
      await ended;
    },
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

const makeFolder = (name: string) => mkdtempSync(join(tmpdir(), `aimlapi-wan-${name}-`));

export const hasRedis = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A Redis that forgets nothing it has confirmed, as the example's page demands. */
export function startRedis(): Promise<Server> {
  const folder = makeFolder('redis');
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  return serve(folder, {
    run(port) {
      const options = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...durable];
      return spawn('redis-server', options, { stdio: 'ignore' });
    },
    isUp: connects,
    stopSignal: 'SIGTERM',
  });
}

const postgresFolder = '/usr/lib/postgresql';

/** Where Debian's package has the newest `initdb` and `postgres`; `undefined` where it is not installed. */
export const postgresPrograms = (() => {
  const versions = existsSync(postgresFolder) ? readdirSync(postgresFolder) : [];
  const newest = versions.map(Number).sort((one, other) => other - one)[0];
  const folder = join(postgresFolder, String(newest), 'bin');
  return existsSync(join(folder, 'initdb')) ? folder : undefined;
})();

/** A PostgreSQL with one user, `postgres`, who needs no password. */
export async function startPostgres(programs: string): Promise<Server> {
  const folder = makeFolder('postgres');
  // PostgreSQL refuses to run as root
  const [uid, gid] =
    process.getuid?.() === 0
      ? ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })))
      : [];
  const user = uid === undefined || gid === undefined ? {} : { uid, gid };
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  const data = join(folder, 'data');
  const init = ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync'];
  execFileSync(join(programs, 'initdb'), init, { ...user, cwd: folder, stdio: 'ignore' });
  return serve(folder, {
    run(port) {
      const place = ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1'];
      return spawn(join(programs, 'postgres'), place, { ...user, cwd: folder, stdio: 'ignore' });
    },
    isUp: async (port) =>
      execFileSync(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]),
    stopSignal: 'SIGQUIT',
  });
}
