// Draws examples/web/page.png: the page with a running, a finished and a failed job, with the embedded API.
// Usage: node test/web/screenshot.mjs [FOLDER]   (also phone and desktop, light and dark, into that folder)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeApi } from 'aimlapi-wan/testing';
import { chromium } from 'playwright-core';

const [folder] = process.argv.slice(2);
const sizes = { desktop: { width: 1120, height: 720 }, phone: { width: 390, height: 800 } };
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const data = mkdtempSync(join(tmpdir(), 'aimlapi-wan-shot-'));
const api = createFakeApi({ videoSeconds: 4 });
const { url, close } = await api.listen();
const server = spawn(process.execPath, ['examples/web/server.mjs'], {
  env: {
    ...process.env,
    AIMLAPI_API_KEY: 'embedded',
    AIMLAPI_BASE_URL: url,
    PORT: '0',
    DATA: data,
    POLL_MS: '500',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const address = String((await once(server.stdout, 'data'))[0]).trim();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  await draw(sizes.desktop, 'light', 'examples/web/page.png', 0.75);
  console.log('examples/web/page.png', statSync('examples/web/page.png').size, 'bytes');
  if (folder) {
    mkdirSync(folder, { recursive: true });
    for (const [name, size] of Object.entries(sizes))
      for (const scheme of ['light', 'dark']) await draw(size, scheme, join(folder, `${name}-${scheme}.png`));
  }
} finally {
  await browser.close();
  server.kill();
  await close();
  rmSync(data, { recursive: true });
}

async function draw(viewport, colorScheme, path, deviceScaleFactor = 1) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    deviceScaleFactor,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(address);
  const jobs = page.getByRole('list', { name: 'Jobs' });
  const make = async (model, prompt) => {
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: model });
    await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
    await page.getByRole('button', { name: 'Make it' }).click();
    await jobs.getByRole('heading', { name: prompt }).waitFor();
  };
  await make('wan2.5-t2i-preview', 'a lighthouse at dusk');
  await jobs.getByRole('img').waitFor();
  await make('wan2.2-t2v-plus', 'waves below the lighthouse');
  await jobs.locator('video').waitFor();
  api.fault({ kind: 'job-fails', message: 'the prompt was refused by the content filter' });
  await make('wan2.5-t2v-preview', 'a storm');
  await jobs.getByText(/^Failed$/).waitFor();
  api.fault({ kind: 'status', status: 'generating', times: 1_000 });
  await make('wan2.5-t2v-preview', 'a ship passes by, far out at sea');
  await jobs.getByText(/: [34]\d %/).waitFor({ timeout: 60_000 });
  await page.evaluate('scrollTo(0, 0); document.activeElement.blur()');
  await page.waitForTimeout(500);
  await page.screenshot({ path });
  if (viewport === sizes.phone) {
    await page.evaluate('document.querySelector("#jobs-title").scrollIntoView()');
    await page.screenshot({ path: path.replace('.png', '-jobs.png') });
  }
  api.clearFaults();
  await page.getByRole('button', { name: 'Stop waiting' }).click();
  await context.close();
}
