import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type App, built, key, openApp, picture, toList, Visitor, video } from './app.js';

const title = built ? 'examples/web' : 'examples/web: skipped, because dist/ is missing (npm run build)';

/** Runs the server where it must refuse to start. */
function failToStart(env: Record<string, string>): string {
  const { status, stderr } = spawnSync(process.execPath, ['examples/web/server.mjs'], {
    env: { ...process.env, AIMLAPI_API_KEY: key, DATA: '/nowhere/at/all', PORT: '0', ...env },
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(status).toBe(1);
  return stderr;
}

/** Starts a job that must be accepted. */
async function start(visitor: Visitor, input: object): Promise<string> {
  const { status, json, text } = await visitor.post('/jobs', input);
  expect(status, text).toBe(202);
  return String(json.id);
}

describe.skipIf(!built)(title, () => {
  it('makes a picture and a video, and tells what they cost', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    const ids = [await start(visitor, picture), await start(visitor, video)];
    expect(await visitor.until('done', ids[0])).toMatchObject({ usd: 0.0315, files: ['image/png'] });
    expect(await visitor.until('done', ids[1])).toMatchObject({ usd: 0.1, files: ['video/mp4'] });
    expect((await visitor.jobs()).map(({ id }) => id)).toEqual(ids.toReversed());
    const { json } = await visitor.post('/price', video);
    expect(json).toMatchObject({ usd: 0.1, maxUsd: 5, leftUsd: 4.8685 });
    expect(app.api.generations).toBe(2);
  });

  it('sends a file, and the part that is asked for', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    const id = await start(visitor, video);
    await visitor.until('done');
    const part = (range: string) => visitor.ask(`/jobs/${id}/file`, { headers: { range } });
    const { status, headers, bytes } = await visitor.ask(`/jobs/${id}/file/1`);
    expect([status, headers['content-type'], headers['accept-ranges']]).toEqual([200, 'video/mp4', 'bytes']);
    expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox");
    expect(headers['x-content-type-options']).toBe('nosniff');
    const size = bytes.length;
    expect(headers['content-length']).toBe(String(size));
    expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
    const cases: [string, number, number][] = [
      ['bytes=0-1', 0, 2],
      ['bytes=10-', 10, size],
      ['bytes=-5', size - 5, size],
      [`bytes=-${size * 2}`, 0, size],
      [`bytes=5-${size * 2}`, 5, size],
    ];
    for (const [range, from, to] of cases) {
      const answer = await part(range);
      expect([range, answer.status]).toEqual([range, 206]);
      expect(answer.headers['content-range']).toBe(`bytes ${from}-${to - 1}/${size}`);
      expect(answer.bytes.equals(bytes.subarray(from, to))).toBe(true);
    }
    for (const range of [`bytes=${size}-`, 'bytes=9-8', 'bytes=-0']) {
      const answer = await part(range);
      expect([range, answer.status, answer.headers['content-range']]).toEqual([
        range,
        416,
        `bytes */${size}`,
      ]);
    }
    for (const range of ['bytes=a-b', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-'])
      expect([range, (await part(range)).status]).toEqual([range, 200]);
    const head = await visitor.ask(`/jobs/${id}/file`, { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, String(size), 0]);
    expect((await visitor.ask(`/jobs/${id}/file/2`)).status).toBe(404);
  });

  it('shows all pictures of a result', async () => {
    const visitor = new Visitor(await openApp());
    const id = await start(visitor, { ...picture, num_images: 3 });
    expect(await visitor.until('done')).toMatchObject({ files: ['image/png', 'image/png', 'image/png'] });
    for (const number of [1, 2, 3])
      expect((await visitor.ask(`/jobs/${id}/file/${number}`)).status).toBe(200);
  });

  it('refuses bad input in words, at the fields, and pays for nothing', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    const issuesOf = async (input: object) => {
      const { status, json } = await visitor.post('/jobs', input);
      expect(status).toBe(400);
      return toList(json.issues).map(({ path, message }) => `${path} ${message}`);
    };
    expect(await issuesOf({ ...video, prompt: '' })).toEqual(['prompt takes a text of at least 1 character']);
    expect(await issuesOf({ ...video, resolution: '1080p', seed: 1.5 })).toHaveLength(2);
    expect(await issuesOf({ model: 'wan9', prompt: 'a' })).toMatchObject([
      expect.stringMatching(/^model takes/),
    ]);
    expect(await issuesOf([])).toEqual([' takes an object such as { model, prompt }']);
    const nested = `{"model":"wan2.2-t2v-plus","prompt":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    for (const body of ['{', '', '"', '{"a":1}x']) {
      const { status, json } = await visitor.post('/jobs', Buffer.from(body));
      expect([status, json.error]).toEqual([400, 'The body is no JSON.']);
    }
    expect((await visitor.post('/jobs', nested)).status).toBe(400);
    for (const body of ['null', '1', '"a"']) {
      expect((await visitor.post('/jobs', body)).status).toBe(400);
      expect((await visitor.post('/price', body)).status).toBe(400);
    }
    expect((await visitor.post('/price', { model: { a: 1 } })).status).toBe(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])
      expect((await visitor.post('/jobs', video, { 'content-type': type })).status).toBe(415);
    expect((await visitor.ask('/nothing')).status).toBe(404);
    expect((await visitor.ask('/../../package.json')).status).toBe(404);
    expect((await visitor.ask('/jobs.mjs')).status).toBe(404);
    expect((await visitor.ask('/jobs/..%2f..%2fpackage.json/file')).status).toBe(404);
    const wrong = await visitor.ask('/jobs');
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'POST']);
    expect((await visitor.ask('/', { method: 'DELETE' })).status).toBe(405);
    expect(app.api.generations).toBe(0);
    expect(app.stored()).toEqual([]);
    expect(app.printed).not.toContain('Error');
  });

  it('reads a body of 50 MB to its end, and refuses it in words', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    const input = { model: 'wan2.2-i2v-plus', prompt: 'a', image_url: 'data:image/png;base64,' };
    const ofMegabytes = (count: number) => ({
      ...input,
      image_url: input.image_url + 'A'.repeat(count * 1e6),
    });
    const { status, json } = await visitor.post('/jobs', ofMegabytes(50));
    expect([status, json.error]).toEqual([413, 'That is too large: this server takes 20 MB with all files.']);
    await expect(visitor.post('/jobs', ofMegabytes(250))).rejects.toThrow();
    expect(
      (await visitor.post('/jobs', { ...video, prompt: 'a'.repeat(19_000_000), seed: 'x' })).status,
    ).toBe(400);
    expect(app.api.generations).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')('holds a body of tiny chunks in little memory', async () => {
    const app = await openApp();
    const { host, hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /jobs HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    // 1,000,000 spaces, each a chunk of its own
    for (let sent = 0; sent < 10; sent += 1) socket.write('1\r\n \r\n'.repeat(100_000));
    socket.write('2\r\n{}\r\n0\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 .*"path":"model"/s);
    expect(app.peakMegabytes()).toBeLessThan(200);
  });

  it('takes 1 MB where no files are sent', async () => {
    const visitor = new Visitor(await openApp());
    const { status, json } = await visitor.post('/price', { ...video, prompt: 'a'.repeat(1_000_000) });
    expect([status, json.error]).toEqual([413, 'That is too large: this server takes 1 MB with all files.']);
    expect((await visitor.post('/price', { ...video, prompt: 'a'.repeat(999_900) })).status).toBe(200);
  });

  it('lets go of a page that does not read its events', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    const { headers } = await visitor.ask('/');
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    await app.end();
    const old = {
      visitor: cookie.split('=')[1],
      model: 'a',
      kind: 'image',
      state: 'done',
      files: [],
      madeAt: '',
    };
    for (const id of ['1', '2', '3', '4', '5', '6'])
      writeFileSync(
        join(app.folder, `${id}.json`),
        JSON.stringify({ ...old, id, prompt: 'a'.repeat(4_000_000) }),
      );
    await app.start();
    const { host, hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname).pause();
    socket.on('error', () => {});
    socket.write(`GET /events HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n\r\n`);
    // the next answer of this server says that it has seen the line above
    await visitor.ask('/');
    await start(visitor, picture);
    expect((await buffer(socket)).length).toBeLessThan(24_000_000);
  });

  it('answers only by its own names, and changes nothing for a foreign page', async () => {
    const app = await openApp({}, { ALLOWED_HOSTS: 'Wan.example, other.example:8080' });
    const visitor = new Visitor(app);
    const { port, host } = new URL(app.url);
    for (const name of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `[::1]:${port}`,
      'wan.example',
      'other.example:8080',
    ])
      expect((await visitor.ask('/', { headers: { host: name } })).status).toBe(200);
    for (const name of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1`,
      'localhost:1',
      'other.example',
      'localhost.evil.example',
    ]) {
      const { status, json } = await visitor.ask('/models', { headers: { host: name } });
      expect([status, json.error]).toEqual([421, expect.stringContaining(`"${name}"`)]);
    }
    const refused = [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: `http://evil.example#${host}` },
      { origin: `http://127.0.0.1:${Number(port) + 1}` },
      { origin: `http://localhost:${port}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of refused) {
      const { status, json } = await visitor.post('/jobs', video, headers);
      expect([headers, status]).toEqual([headers, 403]);
      expect(json.error).toBe('Another page asked for this, so it was not done.');
    }
    expect(app.api.generations).toBe(0);
    for (const headers of [
      { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ])
      expect((await visitor.post('/jobs', picture, headers)).status).toBe(202);
  });

  it('keeps the jobs of a visitor from all others', async () => {
    const app = await openApp();
    const [visitor, other] = [new Visitor(app), new Visitor(app)];
    const id = await start(visitor, video);
    await other.ask('/');
    for (const [owner, path] of [
      [other, id],
      [visitor, 'unknown'],
    ] as const) {
      expect((await owner.post(`/jobs/${path}/stop`, {})).json).toEqual({ error: 'There is no such job.' });
      expect((await owner.post(`/jobs/${path}/goOn`, {})).status).toBe(404);
      expect((await owner.ask(`/jobs/${path}/file`)).status).toBe(404);
    }
    await visitor.until('done');
    expect((await other.ask(`/jobs/${id}/file`)).status).toBe(404);
    expect(await other.jobs()).toEqual([]);
  });

  it('takes 10 jobs of a visitor and 20 in all, and of the money no more than the limit', async () => {
    const app = await openApp({ videoSeconds: 60 });
    const first = new Visitor(app);
    await first.ask('/');
    const ask = async (visitor: Visitor) => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => visitor.post('/jobs', video)));
      const refused = answers.filter(({ status }) => status !== 202);
      for (const { status, json } of refused)
        expect([status, json.error]).toEqual([429, expect.stringMatching(/wait until one ends/)]);
      return 100 - refused.length;
    };
    expect(await ask(first)).toBe(10);
    const strangers = Array.from({ length: 30 }, () => new Visitor(app));
    const statuses = await Promise.all(
      strangers.map(async (visitor) => (await visitor.post('/jobs', video)).status),
    );
    expect(statuses.filter((status) => status === 202)).toHaveLength(10);
    // a job is told of when its create leaves, which is before the API has it
    await expect.poll(() => app.api.generations, { timeout: 10_000 }).toBe(20);
  });

  it('pays for no more than MAX_USD with 100 requests at once, and says so', async () => {
    const app = await openApp({ videoSeconds: 60 }, { MAX_USD: '0.35' });
    const visitor = new Visitor(app);
    await visitor.ask('/');
    const answers = await Promise.all(Array.from({ length: 100 }, () => visitor.post('/jobs', video)));
    const told = answers.filter(({ status }) => status === 402);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(3);
    expect(app.api.charged).toBeCloseTo(0.3);
    expect(told[0]?.json.error).toMatch(
      /costs \$0\.1 .* maxUsd is \$0\.35, and of that \$0 is spent and \$0\.\d+ reserved/,
    );
    expect(await visitor.jobs()).toHaveLength(3);
    expect(app.stored()).toHaveLength(3);
  });

  it('says in words what the API refuses, and that nothing was paid', async () => {
    const app = await openApp({ balanceUsd: 0 });
    const visitor = new Visitor(app);
    await start(visitor, video);
    expect(await visitor.until('failed')).toMatchObject({
      words: expect.stringMatching(/^Nothing was paid\. Cannot start the video/),
    });
    app.api.fault({ kind: 'error', on: 'image', status: 400, message: 'this prompt is not allowed' });
    const id = await start(visitor, picture);
    expect(await visitor.until('failed', id)).toMatchObject({
      words: expect.stringContaining('this prompt is not allowed'),
    });
    expect(app.api.generations).toBe(0);
  });

  it('pays for nothing where it cannot store the order', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    rmSync(app.folder, { recursive: true });
    for (const input of [picture, video]) {
      const { status, json } = await visitor.post('/jobs', input);
      expect([status, json.error]).toEqual([500, 'The server made a mistake; its console says which.']);
    }
    expect(app.printed).toContain('ENOENT');
    expect(app.api.generations).toBe(0);
    expect(await visitor.jobs()).toEqual([]);
  });

  it('outlasts trouble of the API while it waits, and shows it', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    app.api.fault({ kind: 'html', on: 'status', times: 100_000 });
    const id = await start(visitor, video);
    await expect
      .poll(async () => (await visitor.jobs())[0]?.trouble, { timeout: 20_000 })
      .toBe('The API does not answer as it should. The server asks on.');
    app.api.clearFaults();
    await visitor.until('done', id);
    expect(app.api.generations).toBe(1);
  });

  it('stops a wait, and waits again', async () => {
    const app = await openApp();
    const letGo = app.holdVideos();
    const visitor = new Visitor(app);
    const id = await start(visitor, video);
    await visitor.until('waiting');
    expect((await visitor.post(`/jobs/${id}/stop`, {})).status).toBe(202);
    const { words, action } = await visitor.until('stopped');
    expect([words, action]).toEqual([
      'Not waited for. The video goes on at the API, and stays paid for.',
      'Wait again',
    ]);
    expect((await visitor.post(`/jobs/${id}/stop`, {})).json.error).toBe('There is no wait to stop.');
    expect((await visitor.post(`/jobs/${id}/goOn`, {})).status).toBe(202);
    letGo();
    await visitor.until('done');
    expect((await visitor.post(`/jobs/${id}/goOn`, {})).status).toBe(409);
    expect(app.api.generations).toBe(1);
  });

  it('finds a video whose answer was lost, and pays for it once', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    app.api.fault({ kind: 'reset', on: 'video', accepted: true });
    await start(visitor, video);
    await visitor.until('done');
    expect(app.api.generations).toBe(1);
  });

  it('saves again what could not be saved, without paying again', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    app.api.fault({ kind: 'error', on: 'file', status: 404, times: 20 });
    const id = await start(visitor, picture);
    const { words, action, usd } = await visitor.until('unsaved');
    expect([words, action, usd]).toEqual([
      expect.stringMatching(/^It is made and paid for, but not saved yet\. /),
      'Save again',
      0.0315,
    ]);
    app.api.clearFaults();
    await app.restart();
    await visitor.post(`/jobs/${id}/goOn`, {});
    await visitor.until('done');
    expect(app.api.generations).toBe(1);
  });

  it('lets no answer and no file show the key', async () => {
    const app = await openApp();
    const visitor = new Visitor(app);
    await start(visitor, picture);
    await visitor.until('done');
    app.api.fault({ kind: 'error', on: 'image', status: 401, message: `the key ${key} is wrong` });
    const id = await start(visitor, picture);
    await visitor.until('failed', id);
    const paths = ['/', '/page.js', '/form.js', '/list.js', '/page.css', '/icon.svg', '/models'];
    const texts = await Promise.all(paths.map(async (path) => (await visitor.ask(path)).text));
    const shown = [
      ...texts,
      JSON.stringify(await visitor.jobs()),
      JSON.stringify(app.stored()),
      app.printed,
    ].join('\n');
    expect(shown).not.toContain(key);
    expect(shown).not.toContain('Signature');
  });

  it('refuses to start in words', () => {
    expect(failToStart({ HOST: '0.0.0.0' })).toBe(
      'Cannot start: HOST is "0.0.0.0", so that others can reach the page: name it in ALLOWED_HOSTS, such as wan.example:0.\n',
    );
    expect(failToStart({ MAX_USD: 'five' })).toContain('MAX_USD is "five"');
    for (const MAX_USD of ['-1', '0', ' '])
      expect(failToStart({ MAX_USD })).toBe(
        `Cannot start: MAX_USD is "${MAX_USD}", and not an amount of US dollars above 0.\n`,
      );
    for (const POLL_MS of ['-5', '0', 'often'])
      expect(failToStart({ POLL_MS })).toContain(`POLL_MS is "${POLL_MS}", and not milliseconds above 0.`);
    expect(failToStart({ DATA: 'package.json' })).toMatch(/^Cannot start: EEXIST: .*package\.json'\.\n$/);
    for (const PORT of ['http', '65536', '-1', ''])
      expect(failToStart({ PORT })).toBe(`Cannot start: PORT is "${PORT}", and not from 0 to 65535.\n`);
  });

  it('says that its port is taken', async () => {
    const { url, folder } = await openApp();
    const { port } = new URL(url);
    expect(failToStart({ PORT: port, DATA: folder })).toBe(
      `Cannot start: it cannot listen on 127.0.0.1:${port} (EADDRINUSE); PORT sets another port.\n`,
    );
  });
});

describe.skipIf(!built)('examples/web after kill -9', () => {
  async function open(): Promise<{ app: App; visitor: Visitor }> {
    const app = await openApp();
    const visitor = new Visitor(app);
    await visitor.ask('/');
    return { app, visitor };
  }

  it('waits on for a video that is under way', async () => {
    const { app, visitor } = await open();
    const letGo = app.holdVideos();
    await start(visitor, video);
    await visitor.until('waiting');
    await app.restart();
    letGo();
    await visitor.until('done');
    expect(app.api.generations).toBe(1);
  });

  it('finds a video whose create was sent and never answered', async () => {
    const { app, visitor } = await open();
    app.api.fault({ kind: 'stall', on: 'video', accepted: true });
    await start(visitor, video);
    expect(app.stored()).toMatchObject([{ sent: true, state: 'making' }]);
    await expect.poll(() => app.api.generations, { timeout: 20_000 }).toBe(1);
    await app.restart();
    await visitor.until('done');
    expect(app.api.generations).toBe(1);
  });

  it('looks for a video that the log does not show, and pays for nothing', async () => {
    const { app, visitor } = await open();
    app.api.fault({ kind: 'stall', on: 'video' });
    const id = await start(visitor, video);
    await app.restart();
    expect(await visitor.until('looking')).toMatchObject({ action: 'Stop waiting' });
    await visitor.post(`/jobs/${id}/stop`, {});
    expect(await visitor.until('lost')).toMatchObject({
      action: 'Look again',
      words: 'Not looked for any more. It may have been paid for.',
    });
    expect(app.api.generations).toBe(0);
  });

  it('says of a picture what the log says of its cost', async () => {
    const { app, visitor } = await open();
    app.api.fault({ kind: 'stall', on: 'image', accepted: true });
    app.api.fault({ kind: 'stall', on: 'image' });
    const ids = [await start(visitor, picture)];
    await expect.poll(() => app.api.generations, { timeout: 20_000 }).toBe(1);
    ids.push(await start(visitor, picture));
    await app.restart();
    const words = "It may have been paid for: its answer is lost. The API's log says: ";
    expect(await visitor.until('lost', ids[0])).toMatchObject({
      words: `${words}succeeded, $0.0315.`,
      usd: 0.0315,
    });
    expect(await visitor.until('lost', ids[1])).toMatchObject({ words: `${words}nothing of it yet.` });
    expect(app.api.generations).toBe(1);
  });

  it('pays for nothing that was not sent', async () => {
    const { app, visitor } = await open();
    app.api.fault({ kind: 'stall', on: 'catalogue' });
    void visitor.post('/jobs', video).catch(() => {});
    while (app.stored().length === 0) await new Promise((done) => setTimeout(done, 20));
    await app.restart();
    // the mark comes before the limit is asked, so the log decides
    await visitor.until('looking');
    expect(app.api.generations).toBe(0);
  });

  it('says of the embedded API that it forgot the jobs', async () => {
    const app = await openApp({}, { AIMLAPI_API_KEY: '', POLL_MS: '60000' });
    const visitor = new Visitor(app);
    await visitor.ask('/');
    await start(visitor, video);
    await visitor.until('waiting');
    await app.restart();
    const { words, action } = await visitor.until('failed');
    expect([words, action]).toEqual([
      'The embedded API forgot it when the server ended. It cost nothing.',
      undefined,
    ]);
  });

  it('starts in spite of a file that it cannot read', async () => {
    const { app, visitor } = await open();
    await start(visitor, picture);
    await visitor.until('done');
    await app.end();
    const broken = [
      '{',
      '{}',
      '[]',
      'null',
      '""',
      '{"name":"no job"}',
      '{"id":"0"}',
      '{"id":"0","files":[]}',
    ];
    for (const [index, text] of broken.entries()) writeFileSync(join(app.folder, `${index + 1}.json`), text);
    await app.start();
    await visitor.until('done');
    for (const index of broken.keys()) expect(app.printed).toContain(`Cannot go on with ${index + 1}.json:`);
    expect(app.printed.match(/Cannot go on with/g)).toHaveLength(broken.length);
  });

  it('loses nothing on Ctrl-C', async () => {
    const { app, visitor } = await open();
    const letGo = app.holdVideos();
    await start(visitor, video);
    await visitor.until('waiting');
    expect(await app.end('SIGINT')).toBe(0);
    letGo();
    await app.start();
    await visitor.until('done');
    expect(app.api.generations).toBe(1);
  });
});
