import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('examples/web/README.md', 'utf8');

it('README.md names every setting of the server', () => {
  const source = readFileSync('examples/web/server.mjs', 'utf8');
  const names = new Set(source.match(/\b[A-Z]{2,}(_[A-Z]+)*\b(?=[ ,:?;)]|$)/g));
  const settings = [...names].filter((name) => new RegExp(`(process\\.env\\.|[{,] )${name}\\b`).test(source));
  expect(settings.toSorted()).toEqual(
    ['ALLOWED_HOSTS', 'ALLOW_UNPRICED', 'DATA', 'HOST', 'MAX_USD', 'PORT', 'POLL_MS'].toSorted(),
  );
  for (const name of settings) expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
});

it('README.md names every file', () => {
  const files = readdirSync('examples/web').filter((name) => /\.(mjs|js|html|png)$/.test(name));
  expect(files.filter((name) => !page.includes(`](${name})`))).toEqual([]);
});

it.each(readdirSync('examples/web').filter((name) => name.endsWith('.mjs')))(
  '%s says in its first line what it does and what it costs',
  (name) => {
    const [first = ''] = readFileSync(`examples/web/${name}`, 'utf8').split('\n');
    expect(first).toMatch(/^\/\/ [A-Z].*[^.]\. Costs [^.]+\.$/);
    expect(first.length).toBeLessThanOrEqual(120);
  },
);

it('a page without code of elsewhere, inline code or HTML from texts', () => {
  for (const name of readdirSync('examples/web').filter((file) => /\.(js|html|css)$/.test(file))) {
    const source = readFileSync(`examples/web/${name}`, 'utf8');
    expect(source, name).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|<script>|style=|\son\w+="|url\(/,
    );
    expect(source.replaceAll("'https://…", ''), name).not.toMatch(/["'(]https?:\/\//);
  }
});
