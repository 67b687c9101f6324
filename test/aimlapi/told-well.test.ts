import { describe, expect, onTestFinished, test } from 'vitest';
import { toCheckedCreate } from '../../src/aimlapi/models/checked-create.js';
import { models } from '../../src/aimlapi/models/list-models.js';
import { createWan, InvalidInputError, toDataUri } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';

/** The issues of an input, each as `path message`. */
function issuesOf(kind: 'image' | 'video', input: unknown, baseUrl?: string): string[] {
  try {
    toCheckedCreate(kind, input, baseUrl);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.issues.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}

const link = 'https://example.com/file';
const prompt = 'a dragon';
const t2v = { model: 'wan-2-6-t2v', prompt };

describe('a prompt without a visible character', () => {
  const blanks = [' ', '\n\t', '\u00a0\u3000', '\u200b', '\u2800', '\u3164', '\ufeff'];
  const least: Record<string, object> = {
    image: {},
    video: { video_url: link, video_urls: [link], image_url: link },
  };
  const fromWords = models().filter(({ id }) => /t2i|t2v|text-to-video/.test(id));
  const fromMedia = models().filter(
    ({ id, limits }) => !fromWords.some((each) => each.id === id) && limits.prompt,
  );

  test('is looked for at ten models, and not at the fifteen others that have a prompt', () => {
    expect([fromWords.length, fromMedia.length]).toEqual([10, 15]);
  });

  test.each(fromWords)('is refused by $id', ({ id, kind }) => {
    for (const blank of blanks) {
      const [issue, ...others] = issuesOf(kind, { model: id, prompt: blank });
      expect(issue).toMatch(/^prompt takes a text of .* characters?, and this has none that is visible$/);
      expect(others).toEqual([]);
      expect(issuesOf(kind, { model: id, prompt: `${blank}x` })).toEqual([]);
    }
  });

  test.each(fromMedia)('is taken by $id, which also works from media', ({ id, kind, limits }) => {
    const media = Object.fromEntries(
      Object.entries(least[kind] ?? {}).filter(([name]) => limits[name]?.required),
    );
    for (const blank of blanks) expect(issuesOf(kind, { model: id, prompt: blank, ...media })).toEqual([]);
  });
});

describe('a private address', () => {
  const i2v = { model: 'wan-2-6-i2v', prompt };
  const fileOrElse = 'pass the file itself (toDataUri), or put it where the API can fetch it';
  const elsewhere = 'put it where the API can fetch it';

  test.each([
    ['http://localhost:3000/a.png', 'localhost'],
    ['http://app.localhost/a.png', 'app.localhost'],
    ['http://127.0.0.1/a.png', '127.0.0.1'],
    ['http://2130706433/a.png', '127.0.0.1'],
    ['HTTPS://192.168.1.7/a.png', '192.168.1.7'],
    ['http://[::1]:8080/a.png', '[::1]'],
    ['http://[::ffff:10.0.0.1]/a.png', '[::ffff:a00:1]'],
    ['http://nas.local/a.png', 'nas.local'],
    ['http://169.254.169.254/latest', '169.254.169.254'],
  ])('%s is refused, and the way out is told', (image_url, host) => {
    expect(issuesOf('video', { ...i2v, image_url })).toEqual([
      `image_url is at ${host}, which only this machine or its network can reach: ${fileOrElse}`,
    ]);
  });

  test.each([
    [{ model: 'wan-2-6-r2v', prompt, video_urls: [link, 'http://10.0.0.1/a.mp4'] }, 'video_urls[1]'],
    [{ ...t2v, audio_url: 'http://10.0.0.1/a.mp3' }, 'audio_url'],
    [{ model: 'wan-2-7-r2v', prompt, first_frame_image: 'http://10.0.0.1/a.png' }, 'first_frame_image'],
  ])('is told at its place where the field takes no data URI (case %#)', (input, path) => {
    expect(issuesOf('video', input)).toEqual([
      `${path} is at 10.0.0.1, which only this machine or its network can reach: ${elsewhere}`,
    ]);
  });

  test('is no matter of other fields, nor of a data URI', () => {
    expect(issuesOf('video', { ...t2v, prompt: 'http://localhost/' })).toEqual([]);
    expect(issuesOf('video', { ...i2v, image_url: 'data:image/png;base64,iVBORw0KGgo=' })).toEqual([]);
    expect(issuesOf('video', { ...i2v, image_url: 'https://10.example.com/a.png' })).toEqual([]);
  });

  test('shows no credentials and no query', () => {
    const input = { ...i2v, image_url: 'http://me:hunter2@localhost/a.png?sig=s3cret' };
    expect(() => toCheckedCreate('video', input)).toThrow(/localhost\/a\.png/);
    expect(() => toCheckedCreate('video', input)).not.toThrow(/hunter2|s3cret/);
  });

  test('is refused before anything is sent, and sent where the API itself is at one', async () => {
    const api = createFakeApi({ videoSeconds: 0 });
    const server = await api.listen();
    onTestFinished(() => server.close());
    const input = { model: 'wan-2-6-i2v', prompt, image_url: 'http://localhost/a.png' } as const;
    const far = createWan({ apiKey: 'test', fetch: api.fetch });
    await expect(far.generateVideo(input)).rejects.toThrow(InvalidInputError);
    expect(api.requests).toHaveLength(0);
    await createWan({ apiKey: 'test', baseUrl: server.url }).generateVideo(input);
    expect(api.requests).toHaveLength(1);
    // the API alone judges these
    await far.generateVideoUnchecked({ ...input, model: 'alibaba/wan-2-6-i2v' });
    expect(api.requests).toHaveLength(2);
  });
});

describe('a mistake', () => {
  test.each(['wan2.6-t2v ', 'WAN2.6-T2V', ' wan2.6-t2v', 'alibaba/WAN2.6-t2v\n', 'Alibaba/wan2.6-t2v'])(
    'in the name %j is told with the name itself',
    (model) => {
      expect(issuesOf('video', { model, prompt })).toEqual([
        'model is not known: did you mean "wan2.6-t2v"? (generateVideoUnchecked takes any other)',
      ]);
    },
  );

  test.each([
    ['image', 'wan2.6-t2v', 'generateVideo, not of generateImage'],
    ['video', 'wan2.2-t2i-plus', 'generateImage, not of generateVideo'],
    ['video', 'WAN2.2-T2I-Plus ', 'generateImage, not of generateVideo: "wan2.2-t2i-plus"'],
  ] as const)('in the function: %s of %s', (kind, model, words) => {
    expect(issuesOf(kind, { model, prompt })).toEqual([`model is a model of ${words}`]);
  });

  test.each([
    ['duration', 'wan2.2-t2v-plus', /; duration is a field of wan2\.5-t2v-preview, .*wan-2-7-r2v$/],
    ['shot_type', 'wan2.2-t2v-plus', /; shot_type is a field of wan-2-6-t2v, /],
    ['seed', 'wan2.2-14b-animate-move', / \d more$/],
    ['width', 'wan2.2-t2v-plus', /watermark, resolution$/],
  ])('a field %s that %s has not: other models that have it are named', (field, model, words) => {
    const media = model.includes('animate') ? { video_url: link, image_url: link } : { prompt };
    const [issue, ...others] = issuesOf('video', { model, ...media, [field]: 5 });
    expect(issue).toMatch(new RegExp(`^${field} is not a field of this model: it takes `));
    expect(issue).toMatch(words);
    expect(others).toEqual([]);
  });

  test.each([
    ['wan-2-6-i2v', 'image_url', 'an http(s) URL'],
    ['wan-2-6-image', 'image_urls', 'a list of 1 to 3 pictures'],
  ])('an unawaited toDataUri at %s is told to be awaited', async (model, field, rule) => {
    const made = toDataUri(Buffer.from('iVBORw0KGgo=', 'base64'));
    const kind = field === 'image_urls' ? 'image' : 'video';
    const [issue] = issuesOf(kind, { model, prompt, [field]: made });
    expect(issue).toContain(`${field} takes ${rule}`);
    expect(issue).toMatch(/\(this is a Promise: await it\)$/);
    if (kind === 'video') return;
    expect(issuesOf(kind, { model, prompt, image_urls: [link, made] })[0]).toMatch(
      /^image_urls\[1\] .*\(this is a Promise: await it\)$/,
    );
  });

  test.each<[string, unknown, string]>([
    ['a Promise', Promise.resolve(t2v), 'this is a Promise: await it'],
    ['a function', () => t2v, 'this is a function: pass what it returns'],
    ['a Map', new Map(Object.entries(t2v)), 'this is a Map object'],
    ['a form', new FormData(), 'this is a FormData object'],
    ['a URL', new URL(link), 'this is a URL object: pass its href'],
  ])('%s in place of the input is told as what it is', (_, input, hint) => {
    expect(issuesOf('video', input)).toEqual([` takes an object such as { model, prompt } (${hint})`]);
  });

  const throwing = () => {
    throw new Error('no');
  };

  test.each<[string, unknown, string]>([
    ['a getter', Object.defineProperty({ ...t2v }, 'seed', { enumerable: true, get: throwing }), 'seed'],
    [
      'the getter of model',
      Object.defineProperty({ prompt }, 'model', { enumerable: true, get: throwing }),
      'model',
    ],
    ['a trap', new Proxy(t2v, { ownKeys: throwing }), ''],
    ['a getter within', { ...t2v, seed: 1, image_size: new Proxy({}, { ownKeys: throwing }) }, ''],
  ])('%s that throws is an issue', (_, input, path) => {
    expect(issuesOf('video', input)).toEqual([`${path} cannot be read: it throws (no)`]);
  });

  test('an own "__proto__" is a field that no model has', () => {
    const input = JSON.parse('{"model":"wan-2-6-t2v","prompt":"x","__proto__":{"seed":1}}');
    expect(issuesOf('video', input)).toEqual([
      expect.stringMatching(/^__proto__ is not a field of this model/),
    ]);
  });
});
