import { describe, expect, it } from 'vitest';
import { startWorld } from './run-cli.js';

/** How a command ends, and that everything paid for can be gone on with. */

const poll = ['--interval', '50ms'];

describe('exit codes', () => {
  it.each([
    ['a command that is none', ['vido'], 'did you mean video?'],
    ['a command that is a word of every object', ['constructor'], 'constructor is no command'],
    ['a provider that is none', ['video', 'x', '--provider', 'vtrx'], '--provider takes aimlapi or vtrix'],
    ['no id', ['wait'], '<id> is missing'],
    ['an empty id', ['wait', ''], '<id> is missing'],
    ['an id beside --all', ['wait', '--all', 'x'], '"x" is one argument too many'],
    ['one argument too many', ['status', 'a', 'b'], '"b" is one argument too many'],
    ['a flag that is none', ['video', 'x', '--resolutoin', '480P'], 'did you mean --resolution?'],
    ['a flag without its value', ['video', 'x', '--seed'], '--seed takes a value: whole number'],
    ['a flag in place of a value', ['image', 'x', '--seed', '--json'], '--seed takes a value'],
    ['a value of the wrong kind', ['image', 'x', '--ask-above', 'much'], '--ask-above takes US dollars'],
    ['a model that is none', ['image', 'x', '-m', 'wan2.5-t2i-previe'], 'did you mean "wan2.5-t2i-preview"?'],
    ['the schema of none', ['schema', 'wan2.2-t2v-pluss'], 'did you mean wan2.2-t2v-plus?'],
    ['the help of none', ['video', '--help', '-m', 'nope', '--json'], 'see aimlapi-wan models'],
    [
      'a model of the other command',
      ['video', 'x', '-m', 'wan2.5-t2i-preview'],
      'a model of aimlapi-wan image',
    ],
    [
      'a field of another model',
      ['video', 'x', '--duration', '5'],
      '--duration is not a field of this model',
    ],
    [
      'a file that is not there',
      ['video', 'x', '-m', 'wan2.2-i2v-plus', '--image-url', 'no.png'],
      'cannot be read',
    ],
    ['two prompts', ['image', 'a', 'fox'], 'put it in quotes'],
    ['a base URL that is none', ['balance', '--base-url', 'x'], 'takes an http(s) URL'],
  ])('2 for %s, and nothing is sent', async (_, args, told) => {
    const { api, run } = await startWorld();
    const ended = await run(args);
    expect(ended).toMatchObject({
      code: 2,
      stderr: '',
      rows: [{ error: { message: expect.stringContaining(told) } }],
    });
    expect(ended.rows).toEqual([
      { error: { name: expect.any(String), message: expect.any(String), fix: expect.any(String) } },
    ]);
    expect(api.requests).toEqual([]);
  });

  it('2 with all mistakes at once, in the names of flags', async () => {
    const { run } = await startWorld();
    const args = [
      'image',
      '--num-images',
      '9',
      '--image-size',
      '100x512',
      '--sed=5',
      '--seed',
      'x',
      '-o',
      'no/{where}',
    ];
    const { rows } = await run(args);
    expect(String(Object(Object(rows[0]).error).message).split('\n')).toEqual([
      '--sed is not known: did you mean --seed?',
      '--output: {where} is no placeholder: there are {model} {id} {index} {line} {prompt} {ext}',
      '--prompt is missing: it takes a text of 1 to 2000 characters',
      '--image-size (width) takes a whole number from 512 to 1440, a multiple of 32, not 100',
      '--seed takes a whole number from 0 to 2147483647, not "x"',
      '--num-images takes a whole number from 1 to 4, not 9',
    ]);
  });

  it('3 without a key, after the input was checked', async () => {
    const { run } = await startWorld();
    const env = { AIMLAPI_API_KEY: '' };
    const ended = await run(['image', 'a fox'], { env });
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/AIMLAPI_API_KEY or AIML_API_KEY or AIMLAPI_KEY.*--fake/);
    expect((await run(['image', '--num-images', '9', 'x'], { env })).code).toBe(2);
    // nothing is open: nothing was paid for
    expect((await run(['jobs'], { env })).stdout).toBe('');
  });

  it.each([
    ['a wrong key', { apiKey: 'another' }, [], 'AuthenticationError'],
    ['no credits', { balanceUsd: 0.001 }, [], 'InsufficientCreditsError'],
    ['a limit of its own', {}, ['--max-usd', '0.001'], 'BudgetExceededError'],
  ])('3 for %s', async (_, options, args, name) => {
    const { api, run } = await startWorld(options);
    expect(await run(['image', 'a fox', ...args])).toMatchObject({ code: 3, rows: [{ error: { name } }] });
    expect(api.generations).toBe(0);
    expect((await run(['jobs'])).stdout).toBe('');
  });

  it('2 for the price of a model that nobody knows, and 0 for one that has none', async () => {
    const { run } = await startWorld();
    expect(await run(['price', 'wan2.2-t2v-pluss'])).toMatchObject({
      code: 2,
      rows: [{ error: { message: expect.stringContaining('did you mean wan2.2-t2v-plus?') } }],
    });
    const env = { AIMLAPI_BASE_URL: 'http://127.0.0.1:9' };
    expect(await run(['price', 'wan2.2-t2v-plus'], { env })).toMatchObject({ code: 0 });
  });

  it('3 where --max-usd meets a model without a price, in words of the command line', async () => {
    const { api, run } = await startWorld();
    api.fault({ kind: 'html', status: 503, on: 'catalogue', times: 9 });
    const { code, rows } = await run(['image', 'x', '--max-usd', '1']);
    const { message, fix } = Object(Object(rows[0]).error);
    expect(code).toBe(3);
    expect(message).toMatch(/--max-usd is \$1.*Nothing was sent$/);
    expect(fix).toContain('leave --max-usd out');
    expect(api.generations).toBe(0);
  });

  it('without what an answer holds to move the cursor', async () => {
    const { api, run } = await startWorld();
    api.fault({ kind: 'job-fails', message: 'bad \x1b[2J\x07 prompt' });
    const ended = await run(['video', 'a fox', '--quiet', ...poll]);
    expect(ended.stderr).toContain('bad  [2J  prompt');
  });

  it('3 for a key that is refused while something is waited for, with how to go on', async () => {
    const { run } = await startWorld({ apiKey: 'another' });
    const ended = await run(['wait', 'some-id', ...poll]);
    const fix = 'check the key in AIMLAPI_API_KEY\naimlapi-wan wait some-id';
    expect(ended).toMatchObject({ code: 3, rows: [{ error: { fix }, id: 'some-id' }] });
    expect(ended.stdout).not.toContain('secret-key');
  });

  it('1 for a video that failed, which leaves nothing open', async () => {
    const { api, run } = await startWorld();
    api.fault({ kind: 'job-fails' });
    const ended = await run(['video', 'a fox', ...poll]);
    expect(ended).toMatchObject({ code: 1, rows: [{ error: { name: 'VideoFailedError' } }] });
    expect((await run(['jobs'])).stdout).toBe('');
  });

  it('1 for an id that nobody knows', async () => {
    const { run } = await startWorld();
    const ended = await run(['status', 'nope']);
    expect(ended).toMatchObject({
      code: 1,
      rows: [{ error: { fix: expect.stringContaining('check the id') } }],
    });
  });

  it('1 where the API cannot be reached, so that nothing was paid', async () => {
    const { run } = await startWorld();
    const ended = await run(['balance', '--base-url', 'http://127.0.0.1:9']);
    expect(ended).toMatchObject({ code: 1, rows: [{ error: { name: 'ConnectionError' } }] });
  });

  it('4 for a video that takes longer, with the line that goes on', async () => {
    const { api, folder, run } = await startWorld({ videoSeconds: 5 });
    const ended = await run(['video', 'a fox', '--max-wait', '300ms', ...poll]);
    const { id, error } = Object(ended.rows[0]);
    expect(ended).toMatchObject({ code: 4, rows: [{ error: { name: 'PollTimeoutError' } }] });
    expect(error.fix).toBe(`aimlapi-wan wait ${id}`);
    expect((await run(['status', id])).code).toBe(4);
    expect((await run(['save', id])).code).toBe(4);
    const waited = await run(['wait', id, ...poll, '-o', 'late.mp4']);
    expect(waited).toMatchObject({ code: 0, rows: [{ files: [{ path: `${folder}/late.mp4` }] }] });
    expect(api.generations).toBe(1);
  });

  it('4 where nobody knows what became of a create, and recover finds it', async () => {
    const { api, run } = await startWorld();
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const ended = await run(['video', 'a fox']);
    const { clientRequestId, error, id } = Object(ended.rows[0]);
    expect(ended).toMatchObject({ code: 4, rows: [{ error: { name: 'OutcomeUnknownError' } }] });
    expect(id).toBeUndefined();
    expect(error.fix).toBe(`aimlapi-wan recover ${clientRequestId}`);
    const found = await run(['recover', clientRequestId, '--no-journal', ...poll]);
    expect(found).toMatchObject({ code: 0, rows: [{ clientRequestId, status: 'completed' }] });
    expect(api.generations).toBe(1);
  });

  it('1 for an image whose answer was lost: the log has only its cost', async () => {
    const { api, run } = await startWorld();
    api.fault({ kind: 'reset', on: 'image', accepted: true });
    const { clientRequestId } = Object((await run(['image', 'a fox'])).rows[0]);
    const found = await run(['recover', clientRequestId]);
    expect(found.code).toBe(1);
    expect(found.stdout).toContain('The image was made and cost $');
  });

  it('4 where nothing can be written: the links of images, and the id of a video', async () => {
    const { api, run } = await startWorld();
    const before = 'ulimit -f 0; trap "" XFSZ;';
    const images = await run(['image', 'a fox', '--no-journal'], { before });
    expect(images).toMatchObject({ code: 4, rows: [{ error: { name: 'DownloadError' } }] });
    expect(Object(Object(images.rows[0]).error).fix).toMatch(/^aimlapi-wan save 'http:\/\/127.*'$/);
    const video = await run(['video', 'a fox', '--no-journal', ...poll], { before });
    const { id, error } = Object(video.rows[0]);
    expect(video.code).toBe(4);
    expect(error.fix).toBe(`aimlapi-wan save ${id}`);
    expect(video.stdout).not.toContain('http://127');
    expect((await run(['save', id])).code).toBe(0);
    expect(api.generations).toBe(2);
  });
});

describe('ends from outside', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('says on %s how to go on, and dies by it', async (signal) => {
    const { api, run } = await startWorld({ videoSeconds: 100 });
    const isWaiting = () => api.requests.some(({ method }) => method === 'GET');
    const ended = await run(['video', 'a fox', ...poll], { signalWhen: [signal, isWaiting] });
    expect(ended).toMatchObject({ code: null, signal, rows: [{ error: { name: 'Interrupted' } }] });
    const { id, error } = Object(ended.rows[0]);
    expect(error.fix).toBe(`aimlapi-wan wait ${id}`);
  });

  it('says on Ctrl-C during a create under which client request id it is found', async () => {
    const { api, run } = await startWorld();
    api.fault({ kind: 'stall', on: 'video', accepted: true });
    const ended = await run(['video', 'a fox'], { signalWhen: ['SIGINT', () => api.generations === 1] });
    expect(ended.signal).toBe('SIGINT');
    const { clientRequestId, error } = Object(ended.rows[0]);
    expect(error.fix).toBe(`aimlapi-wan recover ${clientRequestId}`);
    expect(await run(['recover', clientRequestId, ...poll])).toMatchObject({ code: 0 });
    expect(api.generations).toBe(1);
  });

  it('ends quietly where nobody reads on', async () => {
    const { run } = await startWorld();
    const ended = await run(['models'], {
      before: 'set -o pipefail; read_one() { "$@" | head -1; }; read_one',
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.rows).toHaveLength(1);
  });
});
