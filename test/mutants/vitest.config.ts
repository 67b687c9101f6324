import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import whole from '../../vitest.config.js';

/** The test files that judge the mutants, from run.mjs. Mutants that act while a module loads run them all. */
const judges: string[] = JSON.parse(process.env.MUTANT_JUDGES ?? '[]');

const projects = (whole.test?.projects ?? []).flatMap((project) => {
  if (typeof project !== 'object' || !('test' in project)) return [];
  const { include, exclude, ...test } = project.test ?? {};
  // the project of the files that run alone names them; the other one excludes them
  const alone = exclude ?? include ?? [];
  const files = judges.filter((file) => alone.includes(file) !== (exclude !== undefined));
  // many a mutant never ends
  return files.length > 0 ? [{ test: { ...test, include: files, testTimeout: 10_000 } }] : [];
});

/** In the order of the judges: a mutant ends with the first test that fails. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => judges.findIndex((file) => moduleId.endsWith(file));
    return files.toSorted((one, other) => place(one) - place(other));
  }
}

export default defineConfig({ test: { projects, sequence: { sequencer: QuickestFirst } } });
