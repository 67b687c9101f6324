import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const read = (file: string) => readFileSync(join('examples', file), 'utf8');

it.each(['queue/README.md', 'engines.md'])('%s links to files that are there', (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target);
  const local = targets.filter((target) => !target.startsWith('https://'));
  expect(local.filter((target) => !existsSync(join('examples', dirname(page), target)))).toEqual([]);
  expect(local.length).toBeGreaterThan(0);
});

it('queue/README.md names each setting, with its default', () => {
  const page = read('queue/README.md');
  const source = read('queue/worker.mjs') + read('queue/orders.mjs');
  const numbers = [...source.matchAll(/numberOf\('(\w+)', ([\d_* ]+)\)/g)].map(
    ([, name = '', value = '']) => {
      const factors = value.split('*').map((factor) => Number(factor.replaceAll('_', '')));
      return [name, factors.reduce((product, factor) => product * factor)] as const;
    },
  );
  expect(numbers).toHaveLength(7);
  for (const [name, value] of numbers) {
    const row = page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``)) ?? name;
    expect(row).toContain(value.toLocaleString('en-US'));
  }
  for (const [, names = ''] of source.matchAll(/const \{ (.*) \} = process\.env;/g)) {
    for (const [name] of names.matchAll(/\b[A-Z_]{3,}\b/g)) expect(page).toContain(`\`${name}\``);
  }
});

it('engines.md says of all but pg-boss that it was not run', () => {
  const page = read('engines.md');
  const sketches = page
    .split(/^## /m)
    .filter((chapter) => /^(Temporal|Inngest|Cloudflare|Vercel)/.test(chapter));
  expect(sketches).toHaveLength(4);
  for (const sketch of sketches) expect(sketch).toMatch(/Not run here[.;][^\n]*\*\*The mark is /);
});
