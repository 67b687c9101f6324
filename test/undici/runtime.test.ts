import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.doUnmock('undici'));

/** What Bun gives in the place of undici: the names, and nothing behind them. */
const likeBun = {
  Client: class {
    request() {}
  },
  buildConnector: () => () => {},
};

test.each([
  ['a Client without dispatch', likeBun],
  ['nothing', { Client: undefined, buildConnector: undefined }],
])('createUndiciFetch() says what to use where undici has %s', async (_, undici) => {
  vi.resetModules();
  vi.doMock('undici', () => undici);
  const { createUndiciFetch } = await import('../../src/undici.js');
  expect(() => createUndiciFetch()).toThrow(
    /^Cannot create an undici fetch: the undici of this runtime has no dispatcher\. .*global fetch/,
  );
});
