import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Picture, writeGallery } from '../../src/cli/gallery.js';
import { makeFolder } from '../media/file-server.js';

const at = '2026-11-27T10:05:00.000Z';

function picture(path: string, more: Partial<Picture> = {}): Picture {
  return {
    kind: 'image',
    path,
    model: 'alibaba/wan2.5-t2i-preview',
    prompt: 'a fox',
    usd: 0.065,
    seconds: 3.2,
    at,
    ...more,
  };
}

const linksOf = (page: string) =>
  [...page.matchAll(/(?:href|<video src)="([^"]*)"/g)].map(([, link]) => link);

describe('the gallery', () => {
  it('shows every file with its prompt, model, cost and time', async () => {
    const folder = await makeFolder();
    const page = await writeGallery([
      picture(join(folder, 'fox.png')),
      picture(join(folder, 'fox.mp4'), {
        kind: 'video',
        prompt: undefined,
        usd: undefined,
        seconds: undefined,
      }),
    ]);
    expect(page).toBe(join(folder, 'index.html'));
    const text = await readFile(page, 'utf8');
    expect(text).toContain(
      '<figure><a href="fox.png"><img src="fox.png" alt="a fox" loading="lazy"></a><figcaption><p dir="auto">a fox</p><small>alibaba/wan2.5-t2i-preview · $0.065 · 3.2 s · <time datetime="2026-11-27T10:05:00.000Z">2026-11-27 10:05 UTC</time></small></figcaption></figure>',
    );
    expect(text).toContain('<video src="fox.mp4" controls playsinline preload="metadata"></video>');
    expect(text).toContain('<small>alibaba/wan2.5-t2i-preview · <time');
    expect(text).toContain('<meta name="viewport" content="width=device-width');
  });

  it('holds no script, nothing from elsewhere, and no markup of a prompt', async () => {
    const folder = await makeFolder();
    const evil = `"><script>alert('1')</script><img src=x onerror=alert(2)>&amp;`;
    const text = await readFile(
      await writeGallery([picture(join(folder, 'a.png'), { prompt: evil, model: evil, at: evil })]),
      'utf8',
    );
    expect(text).not.toMatch(/<script|<img src=x|https?:|<link|@import|url\(/);
    expect(text).toContain(`<p dir="auto">&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;`);
    expect(text).toContain('&amp;amp;');
  });

  it('stands in the folder above all files, with links that every name survives', async () => {
    const folder = await makeFolder();
    const names = ['a/1 ?#%.png', 'b/c/"x".png', "b/it's & co.png", 'b/画.png', 'ab/x:y.png'];
    const page = await writeGallery(
      await Promise.all(
        names.map(async (name) => {
          await mkdir(join(folder, name, '..'), { recursive: true });
          return picture(join(folder, name));
        }),
      ),
    );
    expect(page).toBe(join(folder, 'index.html'));
    const links = linksOf(await readFile(page, 'utf8'));
    expect(links).toEqual([
      'a/1%20%3F%23%25.png',
      'b/c/%22x%22.png',
      'b/it%27s%20%26%20co.png',
      'b/%E7%94%BB.png',
      'ab/x%3Ay.png',
    ]);
    expect(links.map((link = '') => decodeURIComponent(link))).toEqual(names);
  });

  it('keeps the pictures of an earlier run, each once', async () => {
    const folder = await makeFolder();
    await writeGallery([
      picture(join(folder, 'a.png')),
      picture(join(folder, 'b.png'), { prompt: 'old\n</figure>' }),
    ]);
    await writeGallery([picture(join(folder, 'b.png'), { prompt: 'new' }), picture(join(folder, 'c.png'))]);
    const text = await readFile(join(folder, 'index.html'), 'utf8');
    expect(linksOf(text)).toEqual(['a.png', 'b.png', 'c.png']);
    expect(text).not.toContain('old');
    expect(await readdir(folder)).toEqual(['index.html']);
  });

  it('leaves a page that somebody else has written', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'index.html'), '<h1>My site</h1>');
    expect(await writeGallery([picture(join(folder, 'a.png'))])).toBe(join(folder, 'index-2.html'));
    expect(await writeGallery([picture(join(folder, 'b.png'))])).toBe(join(folder, 'index-2.html'));
    expect(await readFile(join(folder, 'index.html'), 'utf8')).toBe('<h1>My site</h1>');
    expect(linksOf(await readFile(join(folder, 'index-2.html'), 'utf8'))).toEqual(['a.png', 'b.png']);
  });
});
