// Prints each survivor as soon as there is one: a run that is stopped early has told something.
import { readFileSync } from 'node:fs';

class Survivors {
  onDryRunCompleted({ result: { tests } }) {
    for (const judge of JSON.parse(process.env.MUTANT_JUDGES)) {
      if (tests.some(({ fileName }) => fileName?.endsWith(judge))) continue;
      // Stryker goes on without a test file that it cannot load
      console.log(`  no test of ${judge} runs: what only that file would notice survives`);
    }
  }

  onMutantTested({ fileName, location: { start, end }, replacement, status }) {
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    const line = readFileSync(fileName, 'utf8').split('\n')[start.line - 1];
    const text = line.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
    const unseen = status === 'NoCoverage' ? ' (no test runs it)' : '';
    console.log(`  ${start.line}:${start.column} ${shorten(text)}  =>  ${shorten(replacement)}${unseen}`);
  }
}

function shorten(text) {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}

export const strykerPlugins = [{ kind: 'Reporter', name: 'survivors', injectableClass: Survivors }];
