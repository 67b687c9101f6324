import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { models } from '../../src/models.js';
import { type App, built, openApp } from './app.js';
import { chromiumPath } from './chromium.js';

const missing = [
  !built && 'dist/ is missing (npm run build)',
  !chromiumPath && 'there is no chromium',
].filter(Boolean);
const title = `examples/web in Chromium${missing.length > 0 ? `: skipped, because ${missing.join(', ')}` : ''}`;
// a loaded machine may be ten times slower than this one
const longMs = 30_000;
const testMs = 120_000;

/** What runs in the page. These are texts, because the types of the DOM are not those of this project. */
const inPage = {
  width: 'document.querySelector("#jobs img").naturalWidth',
  play: `(async (video) => {
    video.muted = true;
    await video.play();
    await new Promise((done) => video.addEventListener('timeupdate', () => video.currentTime > 0.2 && done()));
    return video.currentTime;
  })(document.querySelector('#jobs video'))`,
  /** The label and the description of each control of the form. */
  controls: `[...document.querySelectorAll('#fields [id^=field-]:is(input, select, textarea)')].map((control) => {
    const ids = control.getAttribute('aria-describedby').split(' ');
    const [label] = control.labels;
    return label.textContent + ': ' + ids.map((id) => document.getElementById(id).textContent).join(' ');
  })`,
  ground: 'Number(/\\d+/.exec(getComputedStyle(document.body).backgroundColor)[0])',
  ink: 'Number(/\\d+/.exec(getComputedStyle(document.body).color)[0])',
  addScript: `document.body.append(
    Object.assign(document.createElement('script'), { textContent: 'document.title = 1' }))`,
};

describe.skipIf(missing.length > 0)(title, { timeout: testMs }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: String(chromiumPath),
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
  });
  afterAll(() => browser?.close());

  async function openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(longMs);
    onTestFinished(() => context.close());
    return context;
  }

  /** Opens the page, and holds it to a console without errors, but for the answers that `mayFail` names. */
  async function openPage(app: App, context?: BrowserContext, mayFail = /^$/): Promise<Page> {
    const page = await (context ?? (await openContext())).newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !mayFail.test(message.text()))
        errors.push(message.text());
    });
    onTestFinished(() => expect(errors).toEqual([]));
    await page.goto(app.url);
    await page.getByRole('textbox', { name: 'Prompt' }).waitFor();
    return page;
  }

  const refusal = (status: number) => new RegExp(`^Failed to load resource: .* status of ${status} `);
  const jobsOf = (page: Page) => page.getByRole('list', { name: 'Jobs' });
  const choose = (page: Page, model: string) =>
    page.getByRole('combobox', { name: 'Model' }).selectOption({ label: model });
  const press = (page: Page, name: string) => page.getByRole('button', { name }).first().click();
  const isFocused = (page: Page, selector: string) => page.locator(`${selector}:focus`).waitFor();

  async function order(page: Page, model: string, prompt: string): Promise<void> {
    await choose(page, model);
    await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
    await press(page, 'Make it');
    await jobsOf(page).getByRole('heading', { name: prompt }).first().waitFor();
  }

  it('makes a picture: price before, cost after, its words as its alternative', async () => {
    const app = await openApp();
    const page = await openPage(app);
    await page
      .getByText('Costs $0.0315 ($0.0315 per image x 1 image). Left of the limit: $5.00 of $5.00.')
      .waitFor();
    await order(page, 'wan2.5-t2i-preview', 'a lighthouse at dusk');
    const image = jobsOf(page).getByRole('img', { name: 'a lighthouse at dusk' });
    await image.waitFor();
    await expect.poll(() => page.evaluate<number>(inPage.width), { timeout: longMs }).toBeGreaterThan(100);
    await jobsOf(page).getByText('wan2.5-t2i-preview · $0.0315').waitFor();
    await page.getByText('1 in all, $0.0315 spent.').waitFor();
    await page.getByText('Left of the limit: $4.9685 of $5.00.').waitFor();
    await page.getByRole('status').getByText('Done: a lighthouse at dusk').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^wan2\.5-t2i-preview-[\da-f]{8}\.png$/);
    expect(app.api.requests.find(({ path }) => path === '/v1/images/generations')?.body).toEqual({
      model: 'alibaba/wan2.5-t2i-preview',
      prompt: 'a lighthouse at dusk',
    });
  });

  it('makes a video: a bar and the time left, then a video that plays', async () => {
    const app = await openApp();
    const letGo = app.holdVideos();
    const page = await openPage(app);
    await order(page, 'wan2.2-t2v-plus', 'waves');
    await jobsOf(page).getByRole('progressbar', { name: 'Progress of waves' }).waitFor();
    await jobsOf(page)
      .getByText(/^Being made: \d+ %, about \d+:\d\d left$/)
      .waitFor();
    letGo();
    const player = jobsOf(page).locator('video');
    await player.waitFor();
    expect(await jobsOf(page).getByRole('progressbar').count()).toBe(0);
    const played = page.evaluate(inPage.play);
    expect(await played).toBeGreaterThan(0.2);
  });

  it('finds running jobs again after a reload in the middle', async () => {
    const app = await openApp();
    const letGo = app.holdVideos();
    const page = await openPage(app);
    await order(page, 'wan2.2-t2v-plus', 'first');
    await order(page, 'wan2.5-t2i-preview', 'second');
    await order(page, 'wan2.2-t2v-plus', 'third');
    const titles = () => jobsOf(page).getByRole('heading').allTextContents();
    expect(await titles()).toEqual(['third', 'second', 'first']);
    await page.reload();
    await expect.poll(() => jobsOf(page).getByRole('progressbar').count(), { timeout: longMs }).toBe(2);
    letGo();
    await expect.poll(() => jobsOf(page).locator('video').count(), { timeout: longMs }).toBe(2);
    expect(await titles()).toEqual(['third', 'second', 'first']);
    expect(app.api.generations).toBe(3);
  });

  it('stops waiting, and waits again', async () => {
    const app = await openApp();
    const letGo = app.holdVideos();
    const page = await openPage(app);
    await order(page, 'wan2.2-t2v-plus', 'a boat');
    await press(page, 'Stop waiting');
    await page.getByText('Not waited for. The video goes on at the API, and stays paid for.').waitFor();
    await page.getByRole('status').getByText('Stopped: a boat').waitFor();
    expect(await jobsOf(page).getByRole('progressbar').count()).toBe(0);
    await press(page, 'Wait again');
    letGo();
    await jobsOf(page).locator('video').waitFor();
    expect(app.api.generations).toBe(1);
  });

  it('shows at each field what the server says of it, and pays for nothing', async () => {
    const app = await openApp();
    const page = await openPage(app, undefined, refusal(400));
    await choose(page, 'wan2.2-t2i-plus');
    const prompt = page.getByRole('textbox', { name: 'Prompt' });
    await press(page, 'Make it');
    await page.getByText('Prompt is missing: it takes a text of 1 to 2000 characters.').waitFor();
    await isFocused(page, '#field-prompt');
    expect(await prompt.getAttribute('aria-invalid')).toBe('true');
    expect((await page.evaluate<string[]>(inPage.controls))[0]).toContain('Prompt is missing');
    await prompt.fill('a fox');
    await page.getByRole('combobox', { name: 'Size' }).selectOption('own');
    await page.getByRole('spinbutton', { name: 'Width' }).fill('10');
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('1.5');
    await press(page, 'Make it');
    await page.getByText(/Size: width takes a whole number .* Size: height is missing/).waitFor();
    await page.getByText(/Seed takes a whole number/).waitFor();
    expect(await prompt.getAttribute('aria-invalid')).toBeNull();
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('');
    await page.getByRole('combobox', { name: 'Size' }).selectOption({ label: 'square' });
    await press(page, 'Make it');
    await jobsOf(page).getByRole('img').waitFor();
    expect(app.api.requests.find(({ path }) => path === '/v1/images/generations')?.body).toEqual({
      model: 'alibaba/wan2.2-t2i-plus',
      prompt: 'a fox',
      image_size: 'square',
    });
    expect(app.api.generations).toBe(1);
  });

  it('says above the button what would go over the limit', async () => {
    const app = await openApp({}, { MAX_USD: '0.05' });
    const page = await openPage(app, undefined, refusal(402));
    await page.getByText('Left of the limit: $0.05 of $0.05.').waitFor();
    await choose(page, 'wan2.2-t2v-plus');
    await page.getByRole('textbox', { name: 'Prompt' }).fill('waves');
    await press(page, 'Make it');
    await page
      .getByRole('alert')
      .getByText(/it costs \$0\.1 .* maxUsd is \$0\.05/)
      .waitFor();
    expect(await jobsOf(page).getByRole('listitem').count()).toBe(0);
    expect(app.api.generations).toBe(0);
  });

  it('takes a local picture, and refuses one of 50 MB in words', async () => {
    const app = await openApp();
    const page = await openPage(app);
    const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-upload-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'large.png'), new Uint8Array(50_000_000));
    await choose(page, 'wan2.5-i2v-preview');
    const picker = page.locator('input[type=file]');
    await picker.setInputFiles(join(folder, 'large.png'));
    await page.getByRole('textbox', { name: 'Prompt' }).fill('it moves');
    await press(page, 'Make it');
    await page.getByText('Image is too large: the server takes 15 MB of files in all.').waitFor();
    await isFocused(page, '#field-image_url');
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==',
      'base64',
    );
    await picker.setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: png });
    expect(app.api.generations).toBe(0);
    await press(page, 'Make it');
    await jobsOf(page).locator('video').waitFor();
    expect(app.api.requests.find(({ path }) => path === '/v2/video/generations')?.body).toEqual({
      model: 'alibaba/wan2.5-i2v-preview',
      prompt: 'it moves',
      image_url: `data:image/png;base64,${png.toString('base64')}`,
    });
  });

  it('shows what a job has come to, though the answer to its start comes late', async () => {
    const app = await openApp();
    const page = await openPage(app);
    await page.route('**/jobs', async (route) => {
      const response = await route.fetch();
      await jobsOf(page).getByRole('img').waitFor();
      await route.fulfill({ response });
    });
    const answered = page.waitForResponse('**/jobs');
    await order(page, 'wan2.5-t2i-preview', 'quick');
    await (await answered).finished();
    // the page says so when it has read the answer
    await page.getByRole('status').getByText('Started.').waitFor();
    expect(await jobsOf(page).getByRole('progressbar').count()).toBe(0);
    await jobsOf(page)
      .getByText(/^Done in/)
      .waitFor();
  });

  it('takes a double click and a held key for one wish', async () => {
    const app = await openApp();
    const page = await openPage(app);
    await page.getByRole('textbox', { name: 'Prompt' }).fill('once');
    await page.getByRole('button', { name: 'Make it' }).dblclick();
    await jobsOf(page).getByRole('img').waitFor();
    expect(app.api.generations).toBe(1);
    await page.keyboard.down('Enter');
    for (let times = 0; times < 5; times += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await expect.poll(() => jobsOf(page).getByRole('img').count(), { timeout: longMs }).toBe(2);
    expect(app.api.generations).toBe(2);
  });

  it.each(['light', 'dark'] as const)('breaks no rule of axe, in %s', async (colorScheme) => {
    const app = await openApp();
    // axe is put into the page as a text, which the policy of the page forbids
    const context = await openContext({ colorScheme, bypassCSP: true });
    const page = await openPage(app, context, refusal(400));
    await order(page, 'wan2.5-t2i-preview', 'a lighthouse');
    await jobsOf(page).getByRole('img').waitFor();
    await choose(page, 'wan2.2-vace-fun-a14b-depth');
    await press(page, 'Make it');
    await page.getByText('Video is missing: it takes an http(s) URL, or a file of yours.').waitFor();
    await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
    const found: unknown = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
    );
    expect(found).toEqual([]);
  });

  it('shows the same jobs in two tabs, and nothing of them to another visitor', async () => {
    const app = await openApp();
    const letGo = app.holdVideos();
    const context = await openContext();
    const [page, second] = [await openPage(app, context), await openPage(app, context)];
    const other = await openPage(app);
    await order(page, 'wan2.2-t2v-plus', 'shared');
    await jobsOf(second).getByRole('progressbar').waitFor();
    letGo();
    for (const tab of [page, second]) await jobsOf(tab).locator('video').waitFor();
    expect(await jobsOf(other).getByRole('listitem').count()).toBe(0);
    const source = await jobsOf(page).locator('video').getAttribute('src');
    const answer = await other.request.get(new URL(String(source), app.url).href);
    expect([answer.status(), await answer.json()]).toEqual([404, { error: 'There is no such job.' }]);
  });

  it('goes on when the server is restarted in the middle', async () => {
    const app = await openApp();
    const letGo = app.holdVideos();
    const page = await openPage(
      app,
      undefined,
      /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY/,
    );
    await order(page, 'wan2.2-t2v-plus', 'patience');
    await jobsOf(page)
      .getByText(/^Being made/)
      .waitFor();
    await app.end();
    await page.getByRole('status').getByText('The server is away. The page tries again by itself.').waitFor();
    await page.getByRole('textbox', { name: 'Prompt' }).fill('more patience');
    await page.getByText(/^The server did not answer\./).waitFor();
    await app.start();
    await page.getByRole('status').getByText('The server is back.').waitFor();
    await page.getByText(/^Costs /).waitFor();
    letGo();
    await jobsOf(page).locator('video').waitFor();
    expect(app.api.generations).toBe(1);
  });

  it('takes no connection for a tab that nobody sees', async () => {
    const app = await openApp();
    const context = await openContext();
    await context.addInitScript('Object.defineProperty(document, "hidden", { get: () => !window.isSeen })');
    const asked: string[] = [];
    context.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const page = await openPage(app, context);
    await page.getByText(/^Costs /).waitFor();
    expect(asked).not.toContain('/events');
    await page.evaluate('window.isSeen = true; document.dispatchEvent(new Event("visibilitychange"))');
    await order(page, 'wan2.5-t2i-preview', 'seen again');
    expect(asked).toContain('/events');
  });

  it('asks for a price without files, typed or picked, and shows no negative time', async () => {
    const app = await openApp();
    const page = await openPage(app, undefined, /ERR_/);
    await choose(page, 'wan2.2-i2v-plus');
    await page.locator('#field-image_url').fill('data:image/png;base64,AAAA');
    const [asked] = await Promise.all([
      page.waitForRequest((request) => /"prompt":"a"/.test(request.postData() ?? '')),
      page.getByRole('textbox', { name: 'Prompt' }).fill('a'),
    ]);
    expect(asked.postDataJSON()).toEqual({ model: 'alibaba/wan2.2-i2v-plus', prompt: 'a' });
    await order(page, 'wan2.5-t2i-preview', 'a clock');
    await jobsOf(page).getByRole('img').waitFor();
    await app.end();
    const [job] = app.stored();
    writeFileSync(join(app.folder, `${job?.id}.json`), JSON.stringify({ ...job, tookMs: -65_000 }));
    await app.start();
    await page.reload();
    await jobsOf(page).getByText('Done in 0:00').waitFor();
  });

  it('cuts a long prompt between letters', async () => {
    const page = await openPage(await openApp());
    await page.getByRole('textbox', { name: 'Prompt' }).fill(`a${'\u{1f41f}'.repeat(200)}`);
    await press(page, 'Make it');
    await jobsOf(page)
      .getByRole('heading', { name: `a${'\u{1f41f}'.repeat(119)}…`, exact: true })
      .waitFor();
  });

  it('works by keyboard alone', async () => {
    const app = await openApp();
    const letGo = app.holdVideos();
    const page = await openPage(app);
    const { keyboard } = page;
    const tabTo = async (name: string) => {
      for (let steps = 0; steps < 60; steps += 1) {
        await keyboard.press('Tab');
        const focused = await page.evaluate('document.activeElement.textContent');
        if (focused === name) return;
      }
      throw new Error(`no Tab leads to ${name}`);
    };
    await keyboard.press('Tab');
    await isFocused(page, '#model');
    await keyboard.type('wan2.2-t2v-plus');
    await page.getByText('Text to video: silent, 5 s').waitFor();
    await keyboard.press('Tab');
    await isFocused(page, '#field-prompt');
    await keyboard.type('by hand');
    await tabTo('Make it');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await keyboard.press('Enter');
    await jobsOf(page).getByRole('progressbar').waitFor();
    await tabTo('Stop waiting');
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Wait again' }).and(page.locator(':focus')).waitFor();
    await keyboard.press('Enter');
    letGo();
    await jobsOf(page).locator('video').waitFor();
  });

  it('gives each of the 27 models a form that sends only what was touched', async () => {
    const app = await openApp({}, { ALLOW_UNPRICED: '1', MAX_USD: '1000' });
    const page = await openPage(app, undefined, refusal(400));
    const boxes = await page.getByRole('combobox', { name: 'Model' }).locator('option').allTextContents();
    expect(boxes.toSorted()).toEqual(
      models()
        .map(({ id }) => id.replace('alibaba/', ''))
        .toSorted(),
    );
    for (const { id, limits } of models()) {
      await page.getByRole('combobox', { name: 'Model' }).selectOption(id);
      const fields = Object.keys(limits).filter((name) => name !== 'model');
      const sizes = 'image_size' in limits ? 2 : 0;
      const controls = await page.evaluate<string[]>(inPage.controls);
      expect(controls.length, id).toBe(fields.length + sizes);
      for (const control of controls)
        expect([id, control]).toEqual([id, expect.stringMatching(/^[A-Z].*: .*\w/)]);
      const names = (role: 'combobox' | 'textbox' | 'button', name: string) =>
        page.getByRole(role, { name }).count();
      expect([id, await names('combobox', 'Model'), await names('button', 'Make it')]).toEqual([id, 1, 1]);
      expect([id, await names('textbox', 'Prompt')]).toEqual([id, 'prompt' in limits ? 1 : 0]);
      const sent = page.waitForRequest((request) => request.url().endsWith('/jobs'));
      for (const [name, limit] of Object.entries(limits)) {
        if (name === 'prompt') await page.locator('#field-prompt').fill('a fox');
        else if (limit.required) await page.locator(`#field-${name}`).fill('https://media.example/a.png');
      }
      const before = await jobsOf(page).getByRole('listitem').count();
      await press(page, 'Make it');
      const body: unknown = (await sent).postDataJSON();
      const touched = Object.entries(limits).filter(([name, limit]) => name === 'prompt' || limit.required);
      expect(Object.keys(Object(body)).toSorted()).toEqual(
        ['model', ...touched.map(([name]) => name)].toSorted(),
      );
      await expect
        .poll(() => jobsOf(page).getByRole('listitem').count(), { timeout: longMs })
        .toBe(before + 1);
      await expect
        .poll(() => jobsOf(page).getByRole('progressbar').count(), { timeout: longMs })
        .toBeLessThan(8);
      for (const [name, limit] of Object.entries(limits))
        if (limit.required) await page.locator(`#field-${name}`).fill('');
    }
  });

  it.each(['light', 'dark'] as const)(
    'fits a phone without sideways scrolling, in %s',
    async (colorScheme) => {
      const app = await openApp();
      const context = await openContext({ viewport: { width: 360, height: 740 }, colorScheme });
      const page = await openPage(app, context);
      await order(page, 'wan2.5-t2i-preview', `a ${'very'.repeat(20)} long word`);
      await jobsOf(page).getByRole('img').waitFor();
      for (const model of ['wan2.2-vace-fun-a14b-depth', 'wan2.2-t2i-plus', 'wan-2-7-r2v']) {
        await choose(page, model);
        const widths = page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
        expect(await widths).toEqual([360, 360]);
      }
      const [ground, text] = [await page.evaluate(inPage.ground), await page.evaluate(inPage.ink)];
      expect(Number(ground) > Number(text)).toBe(colorScheme === 'light');
    },
  );

  it('has no inline script, and lets none run', async () => {
    const app = await openApp();
    const page = await openPage(app, undefined, /Content Security Policy/);
    await order(
      page,
      'wan2.5-t2i-preview',
      '<img src=x onerror="document.title=1"><script>document.title=2</script>',
    );
    await jobsOf(page).getByRole('img').waitFor();
    await page.evaluate(inPage.addScript);
    expect(await page.title()).toBe('Pictures and videos with Wan');
    const policy = (await page.request.get(app.url)).headers()['content-security-policy'];
    expect(policy).not.toContain('unsafe');
  });
});
