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

async function waitUntilUp(port: number, program: ChildProcess): Promise<void> {
  const isUp = async () => {
    if (program.exitCode !== null) throw new Error(`the server ended with ${program.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
    } finally {
      socket.destroy();
    }
  };
  await vi.waitFor(isUp, { timeout: 60_000, interval: 50 });
}

async function serve(
  folder: string,
  run: (port: number, folder: string) => ChildProcess,
  stopSignal: NodeJS.Signals,
): Promise<Server> {
  const port = await findFreePort();
  let program: ChildProcess | undefined;
  const server: Server = {
    port,
    async start() {
      program = run(port, folder);
      await waitUntilUp(port, program);
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
export const startRedis = (): Promise<Server> =>
  serve(
    makeFolder('redis'),
    (port, folder) => {
      const options = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
      const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
      return spawn('redis-server', [...options, ...durable], { stdio: 'ignore' });
    },
    'SIGTERM',
  );

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
  return serve(
    folder,
    (port) => {
      const place = ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1'];
      return spawn(join(programs, 'postgres'), place, { ...user, cwd: folder, stdio: 'ignore' });
    },
    'SIGQUIT',
  );
}
