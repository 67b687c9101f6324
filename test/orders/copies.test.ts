import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** One order, started at once by the ESM and by the CommonJS copy of the built package, in a process of its own. */
const script = `
  import { createRequire } from 'node:module';
  const require = createRequire(import.meta.url);
  const copies = [await import('./dist/index.js'), require('./dist/index.cjs')];
  const { createFakeApi } = await import('./dist/testing.js');
  const api = createFakeApi();
  const clients = copies.map(({ createWan }) => createWan({ apiKey: 'test', fetch: api.fetch }));
  const order = await clients[0].orderVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
  await clients[1].orderVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
  await clients[0].getBalance();
  FIRST;
  const starts = await Promise.allSettled(COPIES.map((copy) => clients[copy].startVideo(order)));
  const [key] = Object.getOwnPropertySymbols(globalThis).filter((symbol) => String(symbol).includes('aimlapi-wan'));
  console.log(JSON.stringify({
    starts: starts.map(({ status, reason }) => reason ? reason.message : status),
    verdicts: starts.map(({ reason }, index) => reason && copies[COPIES[index]].mayHaveBeenPaid(reason)),
    isWan: starts.map(({ reason }) => reason && copies.map(({ WanError }) => reason instanceof WanError)),
    paid: api.generations,
    left: key && globalThis[key].size,
    isShown: key && Object.prototype.propertyIsEnumerable.call(globalThis, key),
  }));
`;

async function start(copies: readonly number[], first = ''): Promise<unknown> {
  const code = script.replaceAll('COPIES', JSON.stringify(copies)).replace('FIRST', first);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
  return JSON.parse(stdout);
}

const refused = expect.stringContaining('is being started in this process already');
const title = existsSync('dist/index.cjs')
  ? 'two copies of the package'
  : 'two copies: skipped without dist/';

describe.skipIf(!existsSync('dist/index.cjs'))(title, () => {
  it.each([[[0, 1]], [[1, 0]], [[0, 0]]])(
    'refuse the second start of an order, by the copies %j',
    async (copies) => {
      expect(await start(copies)).toEqual({
        starts: ['fulfilled', refused],
        verdicts: [null, true],
        isWan: [null, [true, true]],
        paid: 1,
        left: 0,
        isShown: false,
      });
    },
  );

  // zod and Node's fetch, which the first calls load, need a globalThis that takes one
  it('each keep to themselves where globalThis takes no property any more', async () => {
    expect(await start([0, 0], 'Object.preventExtensions(globalThis)')).toMatchObject({
      starts: ['fulfilled', refused],
      paid: 1,
    });
  });
});
