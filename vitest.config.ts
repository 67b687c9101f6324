import { defineConfig } from 'vitest/config';

/** These replace modules or count what a fresh one does, so each needs a process of its own. */
const alone = ['test/bundle.test.ts', 'test/errors.test.ts', 'test/undici/limits.test.ts'];

const common = {
  restoreMocks: true,
  unstubEnvs: true,
  unstubGlobals: true,
  // a hung test must end; a loaded machine may be ten times slower than this one
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    // most tests wait for sockets and timers, so that more of them than cores run at once
    maxWorkers: 4,
    projects: [
      {
        test: {
          ...common,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          isolate: false,
        },
      },
      { test: { ...common, name: 'alone', include: alone } },
    ],
  },
});
