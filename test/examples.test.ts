import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createFakeApi, type Fault } from '../src/testing.js';
import { listenProxy } from './undici/proxy-server.js';

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
  /** What it left in `out/`. */
  file(name: string): Buffer;
  /** The names in a folder of `out/`. */
  list(name: string): string[];
}

interface RunOptions {
  args?: string[];
  env?: Record<string, string>;
  /** Interrupts the example, as Ctrl-C does, when its output holds this. */
  interruptAt?: RegExp;
  /** For an example that does not end: runs after its first line, then the example is stopped. */
  while?: (stdout: string) => Promise<void>;
}

const folders: string[] = [];

/** This process's environment without keys, without Vitest's own words, and without a proxy. */
function cleanEnv(): Record<string, string | undefined> {
  const isOurs = (name: string) => /^(AIML|VTRIX|VITEST|NODE_)|_PROXY$/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}

// Node 20 runs no TypeScript by itself
const hooks = ['--import', pathToFileURL('test/typescript-hooks.mjs').href];

/** Runs an example as a user does, in an empty folder of its own and without this machine's key. */
async function run(
  name: string,
  { args = [], env = {}, interruptAt, while: visit }: RunOptions = {},
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-example-'));
  folders.push(folder);
  const child = spawn(process.execPath, [...hooks, resolve('examples', name), ...args], {
    cwd: folder,
    env: { ...cleanEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // steps.mjs takes 6 to 22 s by the deaths of its workers, and more on a loaded machine
    timeout: 90_000,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
    if (interruptAt?.test(output.stdout)) child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  if (visit) {
    await once(child.stdout, 'data');
    await visit(output.stdout).finally(() => child.kill());
  }
  const code = await new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail));
  return {
    code,
    ...output,
    file: (saved) => readFileSync(join(folder, 'out', saved)),
    list: (name) => readdirSync(join(folder, 'out', name)),
  };
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const pngHead = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function expectPng(bytes: Buffer): void {
  expect(bytes.subarray(0, 8)).toEqual(pngHead);
}

function expectMp4(bytes: Buffer): void {
  expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
}

const built = existsSync('dist/index.js') && existsSync('dist/testing.js');
const title = built ? 'each example' : 'each example: skipped, because dist/ is missing (npm run build)';

describe.skipIf(!built)(title, () => {
  const parts = ['embed.mjs', 'embedded.mjs', 'embedded-vtrix.mjs', 'chat-tools.mjs', 'webhook-delivery.mjs'];
  // these do not end by themselves, or need a program of their own: each has a test below, or in test/queue
  const apart = ['vitest.test.mjs', 'web-endpoint.mjs', 'pg-boss.mjs'];
  const names = readdirSync('examples').filter(
    (name) => /\.(mjs|ts)$/.test(name) && !parts.includes(name) && !apart.includes(name),
  );
  const runs = new Map<string, Run>();

  beforeAll(async () => {
    const waiting = [...names];
    const runNext = async (): Promise<void> => {
      const name = waiting.shift();
      if (name === undefined) return;
      runs.set(name, await run(name));
      await runNext();
    };
    // mostly they wait; more than three at once would be slow on a small machine
    await Promise.all([runNext(), runNext(), runNext()]);
  }, 300_000);

  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  function ran(name: string): Run {
    const found = runs.get(name);
    if (!found) throw new Error(`no example of the name ${name}`);
    return found;
  }

  it.each(names)('%s ends without an error', (name) => {
    const { code, stdout, stderr } = ran(name);
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  });

  const ownApi = ['faults.mjs', 'for-agents.test.mjs', 'look-up.mjs', 'msw.mjs', 'recover.mjs', 'steps.mjs'];
  it.each(names.filter((name) => !ownApi.includes(name)))(
    '%s says once that it uses the embedded API',
    (name) => {
      expect(ran(name).stderr).toMatch(/^No key in the environment: this uses the embedded API .*\n$/);
    },
  );

  it('image.mjs saves an image', () => {
    expectPng(ran('image.mjs').file('lighthouse.png'));
    expect(ran('image.mjs').stdout).toMatch(/lighthouse\.png \d+ bytes\n$/);
  });

  it('image-edit.mjs saves two images and what became of them', () => {
    for (const name of ['summer-1.png', 'summer-2.png', 'winter.png']) {
      expectPng(ran('image-edit.mjs').file(name));
    }
  });

  it('animate.mjs makes videos of a local picture and of a local video', () => {
    expectPng(ran('animate.mjs').file('robot.png'));
    expectMp4(ran('animate.mjs').file('robot.mp4'));
    expectMp4(ran('animate.mjs').file('replaced.mp4'));
  });

  it('unchecked.mjs sends a field that is not known here', () => {
    expectMp4(ran('unchecked.mjs').file('dawn.mp4'));
    expectPng(ran('unchecked.mjs').file('dusk.png'));
  });

  it('models.mjs shows the rules as data, and makes a video of an input that it checked', () => {
    const { stdout, file } = ran('models.mjs');
    expect(stdout).toContain('alibaba/wan-2-7-t2v');
    expect(stdout).toContain('takes "480P" or "1080P" (did you mean "1080P"?)');
    expectMp4(file('fox.mp4'));
  });

  it('video.mjs saves a video', () => {
    expectMp4(ran('video.mjs').file('waves.mp4'));
    expect(ran('video.mjs').stdout).toMatch(/^queued \d+ ms\ncompleted \d+ ms\n.*waves\.mp4 \d+ bytes\n$/);
  });

  it('plain-fetch.mjs saves the same video', () => {
    expect(ran('plain-fetch.mjs').file('waves-plain-fetch.mp4')).toEqual(ran('video.mjs').file('waves.mp4'));
  });

  it('two-processes.mjs starts the job in one process and waits in another', () => {
    const { stdout, file } = ran('two-processes.mjs');
    const [, starter, id] = /^process (\d+) started: (.+)$/m.exec(stdout) ?? [];
    const [, waiter] = /^process (\d+) waited: /m.exec(stdout) ?? [];
    expect(waiter).toMatch(/^\d+$/);
    expect(waiter).not.toBe(starter);
    expect(JSON.parse(file('job.json').toString())).toMatchObject({ id, provider: 'aimlapi' });
    expectMp4(file('two-processes.mp4'));
  });

  it('cancel.mjs stops with the reason of its signal and waits again', () => {
    expect(ran('cancel.mjs').stdout.split('\n')).toEqual([
      'stopped by a timeout: TimeoutError',
      'stopped by the app, with its own reason: true',
      'waited again: true',
      '',
    ]);
  });

  it('client-request-id.mjs stores the id that the job was started by', () => {
    const { file } = ran('client-request-id.mjs');
    const { clientRequestId, job } = JSON.parse(file('order-42.json').toString());
    expect(clientRequestId).toMatch(/^order-42-/);
    expect(job).toMatchObject({ clientRequestId, state: 'running' });
  });

  it('watch.mjs shows each status on the way', () => {
    expect(ran('watch.mjs').stdout).toMatch(
      /^(\d+ ms: \w+, \d+ %, about \d+ s left\n)*\d+ ms: completed, 100 %, about 0 s left\nsaved: .*tram\.mp4\n$/,
    );
    expectMp4(ran('watch.mjs').file('tram.mp4'));
  });

  it('price.mjs shows the price before and the cost after', () => {
    const { stdout, file } = ran('price.mjs');
    expect(stdout).toMatch(
      /^before: \$0\.05 \(\$0\.01 per second x 5 seconds \(resolution 480p\)\)\nafter: \$0\.05\n.*kite\.mp4\n$/,
    );
    expectMp4(file('kite.mp4'));
  });

  it('spending.mjs shows what was spent, and what is left', () => {
    expect(ran('spending.mjs').stdout.split('\n')).toEqual([
      'alibaba/wan2.5-t2i-preview: $0.0630 in 24 hours',
      'key "embedded": $0.063 this month, no limit at the API',
      'balance: $999999.937',
      '',
    ]);
  });

  it('limit.mjs stops before the limit', () => {
    expect(ran('limit.mjs').stdout.split('\n').slice(3)).toEqual([
      'not made: a cat. It needs $0.0315, and $0.0945 of $0.1 is spent',
      '3 creates: $0.0945 spent, $0 reserved',
      '',
    ]);
    expect(ran('limit.mjs').file('wish-3.png').length).toBeGreaterThan(1_000);
  });

  it('own-fetch.mjs prints a line for each request, without the query', () => {
    expect(ran('own-fetch.mjs').stdout).toMatch(
      /^POST \/v1\/images\/generations 200 \d+ ms\nGET \/\S+\.png 200 \d+ ms\n$/,
    );
  });

  it('tracing.mjs prints a span of a create, of a wait and of each request, in one trace', () => {
    const { stdout } = ran('tracing.mjs');
    const spans = stdout.split(/^}$/m).map((text) => ({
      name: /^ {2}name: '(.*)'/m.exec(text)?.[1],
      trace: /^ {2}traceId: '(.*)'/m.exec(text)?.[1],
      id: /^ {2}id: '(.*)'/m.exec(text)?.[1],
      parent: /^ {4}spanId: '(.*)'/m.exec(text)?.[1],
    }));
    expect(spans.pop()).toMatchObject({ name: undefined });
    expect(new Set(spans.map(({ trace }) => trace)).size).toBe(1);
    const nameOf = (id?: string) => spans.find((span) => span.id === id)?.name;
    const family = spans.map(({ name, parent }) => [name, nameOf(parent)]);
    const [create, wait] = ['generate_content', 'wait_for_video'].map(
      (of) => `${of} alibaba/wan2.2-t2v-plus`,
    );
    expect(family.filter(([name]) => name !== 'GET')).toEqual([
      ['POST', create],
      [create, 'make a video'],
      [wait, 'make a video'],
      ['make a video', undefined],
    ]);
    expect(family).toContainEqual(['GET', wait]);
    expect(stdout).toContain("'gen_ai.operation.name': 'generate_content'");
    expect(stdout).not.toContain('waves below a lighthouse');
  });

  it('tracing.mjs has the prompt in a span where the operator asks for that', async () => {
    const env = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' };
    expect((await run('tracing.mjs', { env })).stdout).toMatch(
      /gen_ai\.input\.messages.*waves below a lighthouse/,
    );
  });

  it('errors.mjs tells the errors apart', () => {
    const advice = [...ran('errors.mjs').stdout.matchAll(/-> (.*)/g)].map(([, text]) => text);
    expect(advice).toEqual([
      'mend image_size, num_images',
      'check the key',
      'refused with 404: NotFoundException',
      'it takes longer: wait again for no-such-id',
      'try again later: nothing was paid',
      'save it again before its link expires',
    ]);
  });

  it('faults.mjs runs two tests', () => {
    expect(ran('faults.mjs').stdout).toMatch(/pass 2\b[\s\S]*fail 0\b/);
  });

  it('many-videos.mjs makes 20 videos and tells how far it is', () => {
    const { stdout, list } = ran('many-videos.mjs');
    expect(stdout.split('\n')).toHaveLength(21);
    expect(stdout).toMatch(
      /^1 of 20 done, 0 failed, \$\S+ spent\n[\s\S]*\n20 of 20 done, 0 failed, \$1 spent\n$/,
    );
    expect(list('boats')).toHaveLength(20);
  });

  it('many-videos.mjs shows the price and spends nothing where a key is there and no --yes', async () => {
    const api = createFakeApi({ apiKey: 'a-key', videoSeconds: 0 });
    const server = await api.listen();
    onTestFinished(() => server.close());
    const env = { AIMLAPI_API_KEY: 'a-key', AIMLAPI_BASE_URL: server.url };
    const { code, stdout } = await run('many-videos.mjs', { env });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'about $1.00\nrun it again with --yes to spend that\n',
    });
    expect(api.generations).toBe(0);
  });

  it('hono.mjs refuses what the model does not take, and makes the image', () => {
    expect(ran('hono.mjs').stdout).toBe(
      '400 [{"message":"takes a whole number from 1 to 4","path":["num_images"]}]\n200 url\n',
    );
  });

  it('typed-wrapper.ts makes a poster and a trailer', () => {
    const { stdout, file } = ran('typed-wrapper.ts');
    expectPng(file('poster.png'));
    expectMp4(file('trailer.mp4'));
    expect(stdout).toMatch(/trailer\.mp4 \$0\.05\n2 mistakes found by the compiler\n$/);
  });

  it('typed-wrapper.ts compiles, and the mistakes that it shows do not', () => {
    const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
    const target = ['--target', 'es2023', '--module', 'nodenext', '--types', 'node'];
    const tsc = ['node_modules/typescript/bin/tsc', ...strict, ...target, 'examples/typed-wrapper.ts'];
    expect(spawnSync(process.execPath, tsc, { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  });

  it('web-endpoint.mjs serves a page that starts a video and asks until it is there', async () => {
    let address = '';
    const app = run('web-endpoint.mjs', {
      env: { PORT: '0' },
      async while(stdout) {
        address = /^http:\S+/.exec(stdout)?.[0] ?? '';
        const json = { 'content-type': 'application/json' };
        const post = (body: string, headers = json) =>
          fetch(`${address}/videos`, { method: 'POST', headers, body });
        expect(await (await fetch(address)).text()).toContain("fetch('/videos'");
        const refused = await post('{"prompt":""}');
        expect(refused.status).toBe(400);
        expect(await refused.json()).toEqual({ error: 'prompt takes a text of at least 1 character' });
        expect((await post('{')).status).toBe(400);
        expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415);
        expect((await fetch(`${address}/videos/somebody-elses`)).status).toBe(404);
        const started = await post('{"prompt":"a fox"}');
        expect(started.status).toBe(202);
        let video = toRecord(await started.json());
        expect(Object.keys(video)).toEqual(['id', 'state', 'status']);
        while (video.state === 'running') {
          await new Promise((done) => setTimeout(done, 200));
          video = toRecord(await (await fetch(`${address}/videos/${video.id}`)).json());
        }
        expectMp4(Buffer.from(await (await fetch(String(video.url))).arrayBuffer()));
      },
    });
    expect((await app).stdout).toBe(`${address}\n`);
  }, 30_000);

  it('vitest.test.mjs passes in an app that has Vitest', () => {
    const app = mkdtempSync(join(tmpdir(), 'aimlapi-wan-vitest-'));
    folders.push(app);
    mkdirSync(join(app, 'node_modules'));
    symlinkSync(resolve('.'), join(app, 'node_modules/aimlapi-wan'));
    symlinkSync(resolve('node_modules/vitest'), join(app, 'node_modules/vitest'));
    copyFileSync('examples/vitest.test.mjs', join(app, 'clip.test.mjs'));
    const vitest = [resolve('node_modules/vitest/vitest.mjs'), 'run', '--no-color'];
    const { stdout } = spawnSync(process.execPath, vitest, { cwd: app, env: cleanEnv(), encoding: 'utf8' });
    expect(stdout).toMatch(/Tests {2}1 passed/);
  });

  it('proxy.mjs goes through the proxy of the environment', async () => {
    const proxy = await listenProxy();
    onTestFinished(() => proxy.close());
    const { code, file } = await run('proxy.mjs', { env: { http_proxy: `http://${proxy.name}` } });
    expect(code).toBe(0);
    expectPng(file('tunnel.png'));
    // the create and the file, each through a tunnel to the embedded API
    expect(proxy.asked.map(({ target }) => target.replace(/:\d+$/, ''))).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it('ai-sdk.mjs makes six images by two creates', () => {
    expect(ran('ai-sdk.mjs').stdout).toBe('images a call: 4\n6 images: $0.126 + $0.063\n');
    expectPng(ran('ai-sdk.mjs').file('dusk-5.png'));
  });

  it('agent-tool.mjs answers the calls of a language model, and pays once for the one that comes twice', () => {
    const { stdout } = ran('agent-tool.mjs');
    expect(stdout).toContain('"mend":["num_images takes a whole number from 1 to 4"]');
    const [first, second] = [...stdout.matchAll(/^make_picture \{"files".*$/gm)].map(([line]) => line);
    expect(second).toBe(first);
    expect(stdout).toMatch(/\ncheck_video \{"state":"done","file":"[^"]+\.mp4".*\ncreates: 3\n$/);
  });

  it('webhook.mjs calls the receiver again after a 500, and leaves nothing behind', () => {
    const { stdout, list } = ran('webhook.mjs');
    expect(stdout).toMatch(
      /^ordered: (\S+)\n\1: not delivered to \S+: answered 500\nattempt 2 video\.completed \1\n$/,
    );
    const [folder = ''] = list('.');
    expect([list(folder), list(`${folder}/failed`)]).toEqual([['failed'], []]);
  });

  it('for-agents.mjs stores the job and saves the video', () => {
    const { file } = ran('for-agents.mjs');
    expect(JSON.parse(file('job.json').toString())).toMatchObject({ state: 'running', provider: 'aimlapi' });
    expectMp4(file('lighthouse.mp4'));
  });

  it('msw.mjs makes a video without a socket', () => {
    expect(ran('msw.mjs').stdout).toMatch(/paid creates: 1\nPOST \/v2\S+\nGET \/v2\S+\nGET \/\S+\.mp4\n$/);
    expectMp4(ran('msw.mjs').file('msw.mp4'));
  });

  it('recover.mjs finds the job of a lost create, and pays once', () => {
    expect(ran('recover.mjs').stdout).toMatch(
      /^the answer was lost; .*\nfound in the log: .*\nsaved: .*recovered\.mp4\npaid creates: 1\n$/,
    );
    expectMp4(ran('recover.mjs').file('recovered.mp4'));
  });

  it('look-up.mjs finds what a lost image has cost', () => {
    expect(ran('look-up.mjs').stdout).toBe(
      'succeeded alibaba/wan2.5-t2i-preview $0.0315\npaid creates: 1 for $0.0315\n',
    );
  });

  it('around-create.mjs leaves a note of each create, with what was made', () => {
    const { stdout, list, file } = ran('around-create.mjs');
    expect(stdout).toMatch(/^image of .*: noted as made\nvideo of .*: noted as made\n$/);
    const notes = list('creates').map((name) => JSON.parse(file(`creates/${name}`).toString()));
    expect(notes).toHaveLength(2);
    for (const note of notes) {
      expect(note).toMatchObject({ startedAt: expect.any(String), made: expect.any(Object) });
    }
  });

  it('bytes.mjs hands on the bytes of an image', () => {
    expect(ran('bytes.mjs').stdout).toMatch(/^PUT \/kite\.png [1-9]\d+ bytes\n$/);
  });

  it('save-at-once.mjs saves each image before its link expires', () => {
    const { stdout, file } = ran('save-at-once.mjs');
    expect(stdout).toMatch(/^the links work until \d{4}-.*Z\n(.*snail-[12]\.png \d+ bytes\n){2}$/);
    for (const name of ['snail-1.png', 'snail-2.png']) expectPng(file(name));
  });

  it('steps.mjs survives kills at random awaits, and pays once', () => {
    const { stdout, file } = ran('steps.mjs');
    expect(stdout).toMatch(/^worker 1 is killed\nno row came up: a person decides \(charged: \$0\)\n/);
    expect(stdout).toMatch(/\nsaved: .*steps\.mp4\npaid creates: 1\n$/);
    expectMp4(file('steps.mp4'));
  });

  it('steps.mjs pays for nothing where its journal cannot be read', async () => {
    const api = createFakeApi();
    const { url, close } = await api.listen();
    const env = { ...process.env, AIMLAPI_API_KEY: 'test', AIMLAPI_BASE_URL: url };
    const folder = mkdtempSync(join(tmpdir(), 'aimlapi-wan-example-'));
    folders.push(folder);
    // a link to itself cannot be read, but it can be replaced
    const journal = join(folder, 'journal.json');
    symlinkSync(journal, journal);
    const child = spawn(process.execPath, ['examples/steps.mjs', journal, '2'], { env, stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    await close();
    expect([code, api.requests.length]).toEqual([1, 0]);
  });

  it('undici.mjs saves three videos', () => {
    const { stdout, file } = ran('undici.mjs');
    expect(stdout).toMatch(/^(.*harbour-[123]\.mp4 \d+ bytes\n){3}$/);
    for (const name of ['harbour-1.mp4', 'harbour-2.mp4', 'harbour-3.mp4']) expectMp4(file(name));
  });

  it('vtrix.mjs saves a video made at Vtrix', () => {
    expect(ran('vtrix.mjs').stdout).toMatch(/^in_queue \ncompleted 1\nsaved: .*dragon\.mp4\n$/);
    expectMp4(ran('vtrix.mjs').file('dragon.mp4'));
  });

  describe('demo.mjs', () => {
    it('makes an image and a video, in plain lines where there is no terminal', () => {
      const { stdout, file } = ran('demo.mjs');
      expectPng(file('demo.png'));
      expectMp4(file('demo.mp4'));
      expect(stdout).toMatch(/^image: in the making\nimage: \S+demo\.png, \d+ bytes\nvideo: in the making\n/);
      expect(stdout).toMatch(/\nvideo: \w+ \d+ %, \d s\n[\s\S]*\nvideo: \S+demo\.mp4, \d+ bytes\n$/);
      expect(stdout).not.toContain('\x1b');
    });

    it('makes a video at Vtrix with --provider vtrix', async () => {
      const { code, stdout, file } = await run('demo.mjs', { args: ['--provider', 'vtrix'] });
      expect(code).toBe(0);
      expectMp4(file('demo.mp4'));
      expect(stdout).toMatch(/^video: in the making\n(video: \w+.*\n)*video: \S+demo\.mp4, \d+ bytes\n$/);
    }, 30_000);

    it('names a provider that it does not know', async () => {
      const { code, stderr } = await run('demo.mjs', { args: ['--provider', 'acme'] });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'Cannot use --provider acme: it takes aimlapi or vtrix.\n',
      });
    });

    it('prints the job id when it is interrupted', async () => {
      const { code, stderr } = await run('demo.mjs', { interruptAt: /video: (queued|generating)/ });
      expect(code).toBe(130);
      expect(stderr).toMatch(/Interrupted\.\nThe video was started\. Its job id: \S+\n$/);
    }, 30_000);

    /** An API at which the demo has a key. */
    async function serve(...faults: Fault[]) {
      const api = createFakeApi({ apiKey: 'a-key', videoSeconds: 0 });
      for (const fault of faults) api.fault(fault);
      const server = await api.listen();
      onTestFinished(() => server.close());
      return { api, env: { AIML_API_KEY: 'a-key', AIMLAPI_BASE_URL: `${server.url}/v1/` } };
    }

    const refusal =
      'Cannot ask whether to spend that: the input is no terminal. Run it with --yes to go ahead.\n';
    const imageLine = '  1 image with alibaba/wan2.5-t2i-preview: ';
    const videoLine = '  1 video with alibaba/wan2.2-t2v-plus: ';

    it('shows the price and spends nothing where a key is there and nobody to ask', async () => {
      const { api, env } = await serve();
      const { code, stdout, stderr } = await run('demo.mjs', { env });
      expect({ code, stderr }).toEqual({ code: 1, stderr: refusal });
      expect(stdout).toContain(`${imageLine}$0.0315\n${videoLine}$0.05\n`);
      expect(api.requests.map(({ path }) => path)).toEqual(['/v1/models']);
      expect(api.requests[0]?.headers.authorization).toBeUndefined();
    }, 30_000);

    it('makes both with a key and --yes, and shows what they cost', async () => {
      const { api, env } = await serve();
      const { code, stdout, file } = await run('demo.mjs', { env, args: ['--yes'] });
      expect(code).toBe(0);
      expect(stdout).toMatch(/demo\.png, \d+ bytes, \$0\.0315\n[\s\S]*demo\.mp4, \d+ bytes, \$0\.05\n$/);
      expect(api.generations).toBe(2);
      expectPng(file('demo.png'));
      expectMp4(file('demo.mp4'));
    }, 30_000);

    const fixed = (name: string, price: number, per = 1) => ({
      kind: 'fixed',
      currency: 'USD',
      units: [{ name, price, per }],
    });
    const variants = ['480p', '1080p'].map((resolution, index) => ({
      when: { resolution },
      price: 0.1 + index,
      unit: 'second',
      per: 1,
    }));
    const no = (reason: string) => `no price is known (${reason})`;
    const ofWhich = (unit: string) => no(`the price is by "${unit}", which is not a unit that is known here`);

    it.each([
      ['by the image and by the video', fixed('image', 0.04), fixed('video', 0.52), '$0.04', '$0.52'],
      ['for many, and by the second', fixed('images', 40, 1000), fixed('seconds', 0.02), '$0.04', '$0.1'],
      [
        'by the resolution',
        undefined,
        { kind: 'variants', currency: 'USD', variants },
        no('the catalogue names no price of the model'),
        '$0.5',
      ],
      ['in unknown units', fixed('step', 1), fixed('token', 1), ofWhich('step'), ofWhich('token')],
      [
        'in another currency',
        { ...fixed('image', 1), currency: 'EUR' },
        { kind: 'variable' },
        no('the price is in "EUR", not in USD'),
        no('the price of the model is known only afterwards'),
      ],
    ])(
      'reads prices %s',
      async (_, ofImage, ofVideo, imagePrice, videoPrice) => {
        const data = [
          { id: 'alibaba/wan2.5-t2i-preview', aliases: [], pricing: ofImage },
          { id: 'alibaba/another', aliases: ['alibaba/wan2.2-t2v-plus'], pricing: ofVideo },
        ];
        const { env } = await serve({ on: 'catalogue', kind: 'answer', status: 200, body: { data } });
        const { stdout } = await run('demo.mjs', { env });
        expect(stdout).toContain(`${imageLine}${imagePrice}\n${videoLine}${videoPrice}\n`);
      },
      30_000,
    );

    it('says so where the catalogue cannot be read', async () => {
      const { env } = await serve({ on: 'catalogue', kind: 'html', times: 9 });
      const { code, stdout } = await run('demo.mjs', { env });
      expect(code).toBe(1);
      expect(stdout).toContain(`${imageLine}no price is known (the catalogue cannot be read (`);
      expect(stdout).toContain('answered 502');
    }, 30_000);
  });
});
