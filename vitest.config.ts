import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * A file that replaces modules or globals (MSW patches fetch) needs a process of its own, and so does one that looks at
 * the errors of Node's fetch: the undici of npm, once loaded, replaces the dispatcher of that.
 */
const alone = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name}`)
  .filter((file) =>
    /vi\.(mock|doMock|resetModules|stubGlobal)\(|globalThis\.fetch = |from 'msw|wireFaults/.test(
      readFileSync(file, 'utf8'),
    ),
  );

/** Starts first what takes longest: the apps that install the package. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes('/test/pack/');
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const common = {
  setupFiles: ['test/setup.ts'],
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
    sequence: { sequencer: LongestFirst },
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
