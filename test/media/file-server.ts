import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** A file server that does just what the test says; gives its address. It is gone after the test. */
export async function serveFiles(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/** An empty folder that is gone after the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What a promise rejects with. */
export function failureOf(promise: Promise<unknown>) {
  return promise.then(
    () => undefined,
    (error) => error,
  );
}

/** Cuts the pauses between two tries (250 ms to 8 s) to a hundredth. */
export function shortenPauses(): void {
  const real = globalThis.setTimeout;
  const shortened = (callback: () => void, ms = 0, ...rest: unknown[]) =>
    Reflect.apply(real, globalThis, [callback, ms >= 250 && ms <= 8_000 ? ms / 100 : ms, ...rest]);
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(shortened as typeof setTimeout);
}
