import { describe, expect, onTestFinished, test } from 'vitest';
import { toCheckedCreate } from '../../src/aimlapi/models/checked-create.js';
import { models } from '../../src/aimlapi/models/list-models.js';
import { createWan, InvalidInputError, type VideoInput } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';

/** The one issue of an input, as `path message`. */
function issueOf(kind: 'image' | 'video', input: object): string {
  try {
    toCheckedCreate(kind, { prompt: 'a dragon', ...input });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    expect(error.issues).toHaveLength(1);
    return error.issues.map(({ path, message }) => `${path} ${message}`).join();
  }
  throw new Error('it was let through');
}

const link = 'https://example.com/file';
const png = 'data:image/png;base64,iVBORw0KGgo=';
const mp4 = 'data:video/mp4;base64,AAAAIGZ0eXA=';

describe('resolution', () => {
  test.each([
    ['wan2.1-t2v-turbo', '480p', '480P'],
    ['wan2.1-t2v-plus', '720p', '720P'],
    ['wan2.2-t2v-plus', '1080p', '1080P'],
    ['wan2.2-i2v-plus', '480p', '480P'],
    ['wan2.5-t2v-preview', '480P', '480p'],
    ['wan-2-6-t2v', '720P', '720p'],
    ['wan-2-7-r2v', '1080P', '1080p'],
    ['wan2.2-14b-animate-move', '580P', '580p'],
  ])('%s says for %s that it is %s', (model, wrong, right) => {
    const prompt = model.includes('animate') ? {} : { prompt: 'a dragon' };
    const images = /i2v|animate/.test(model) ? { image_url: link } : {};
    const videos = model.includes('animate') ? { video_url: link } : {};
    const input = { ...prompt, ...images, ...videos, model, resolution: wrong };
    expect(() => toCheckedCreate('video', input)).toThrow(`(did you mean "${right}"?)`);
    expect(toCheckedCreate('video', { ...input, resolution: right }).body).toMatchObject({
      resolution: right,
    });
  });
});

describe('duration', () => {
  const long = models().filter(({ limits }) => limits.duration);

  test('nine models have one, a number whose default is a number too', () => {
    expect(long).toHaveLength(9);
    for (const { limits } of long) expect(limits.duration).toMatchObject({ type: 'integer', default: 10 });
  });

  test('as a text, which is how the documentation writes the default, it is refused with the number', () => {
    expect(issueOf('video', { model: 'wan2.5-t2v-preview', duration: '10' })).toBe(
      'duration takes 5 or 10 (did you mean 10?)',
    );
    expect(issueOf('video', { model: 'wan-2-6-t2v', duration: 12 })).toBe('duration takes 5 or 10 or 15');
  });
});

describe('names', () => {
  test.each([
    ['alibaba/wan2.6-t2v', 'alibaba/wan-2-6-t2v'],
    ['wan2.6-t2v', 'alibaba/wan-2-6-t2v'],
    ['wan-2-6-t2v', 'alibaba/wan-2-6-t2v'],
    ['alibaba/wan2.7-t2v', 'alibaba/wan-2-7-t2v'],
    ['wan2.1-t2v-turbo', 'alibaba/wan2.1-t2v-turbo'],
    ['wan/v2.1/1.3b/text-to-video', 'wan/v2.1/1.3b/text-to-video'],
  ])('%s goes out as %s', (name, id) => {
    expect(toCheckedCreate('video', { model: name, prompt: 'a dragon' })).toMatchObject({
      model: id,
      body: { model: id },
    });
  });

  test('wan2.6-i2v-flash is the catalogue’s name of wan-2-6-image-to-video-flash', () => {
    const input = { model: 'wan2.6-i2v-flash', prompt: 'a dragon', image_url: link };
    expect(toCheckedCreate('video', input).model).toBe('alibaba/wan-2-6-image-to-video-flash');
  });
});

describe('the flag that lets the API rewrite the prompt', () => {
  const namesOf = (field: string) =>
    models()
      .filter(({ limits }) => limits[field])
      .map(({ id }) => id);

  test('has one name or the other, and both at wan-2-7-i2v', () => {
    const [one, other] = [namesOf('enhance_prompt'), namesOf('enable_prompt_expansion')];
    expect(one.filter((id) => other.includes(id))).toEqual(['alibaba/wan-2-7-i2v']);
    expect(other.toSorted()).toEqual([
      'alibaba/wan-2-7-i2v',
      'alibaba/wan2.2-vace-fun-a14b-depth',
      'alibaba/wan2.2-vace-fun-a14b-inpainting',
      'alibaba/wan2.2-vace-fun-a14b-outpainting',
      'alibaba/wan2.2-vace-fun-a14b-pose',
      'alibaba/wan2.2-vace-fun-a14b-reframe',
      'wan/v2.1/1.3b/text-to-video',
    ]);
  });

  test('is suggested by the name that the model has for it', () => {
    expect(issueOf('video', { model: 'wan-2-6-t2v', enable_prompt_expansion: true })).toBe(
      'enable_prompt_expansion is not a field of this model: did you mean "enhance_prompt"?',
    );
    expect(
      issueOf('video', { model: 'wan2.2-vace-fun-a14b-pose', video_url: link, enhance_prompt: true }),
    ).toBe('enhance_prompt is not a field of this model: did you mean "enable_prompt_expansion"?');
  });

  test.each(['wan-2-6-t2v', 'wan-2-7-t2v'])('has to be on for several shots of %s', (model) => {
    expect(issueOf('video', { model, shot_type: 'multi', enhance_prompt: false })).toBe(
      'shot_type takes "multi" only with enhance_prompt: leave that out, or set it to true',
    );
    for (const input of [
      { shot_type: 'multi' },
      { shot_type: 'multi', enhance_prompt: true },
      { shot_type: 'single', enhance_prompt: false },
    ]) {
      expect(toCheckedCreate('video', { model, prompt: 'a dragon', ...input }).body).toMatchObject(input);
    }
  });
});

describe('prompt', () => {
  test('is no field of the animate models, and not required by reframe', () => {
    const input = { video_url: link, image_url: link };
    expect(issueOf('video', { model: 'wan2.2-14b-animate-move', ...input })).toMatch(
      /^prompt is not a field of this model: it takes video_url, image_url, /,
    );
    expect(toCheckedCreate('video', { model: 'wan2.2-vace-fun-a14b-reframe', video_url: link }).body).toEqual(
      {
        model: 'alibaba/wan2.2-vace-fun-a14b-reframe',
        video_url: link,
      },
    );
  });
});

describe('media', () => {
  test.each([
    ['wan-2-6-i2v', 'image_urls', 'image_url'],
    ['wan2.5-i2v-preview', 'imageUrl', 'image_url'],
    ['wan-2-7-r2v', 'image_url', 'image_urls'],
    ['wan-2-6-r2v', 'video_url', 'video_urls'],
    ['wan-2-6-t2v', 'audioUrl', 'audio_url'],
  ])('%s says for %s that it is %s', (model, wrong, right) => {
    const needed = {
      'wan-2-6-i2v': { image_url: link },
      'wan2.5-i2v-preview': { image_url: link },
      'wan-2-6-r2v': { video_urls: [link] },
    };
    const input = { model, ...Object.entries(needed).find(([id]) => id === model)?.[1], [wrong]: link };
    expect(issueOf('video', input)).toBe(`${wrong} is not a field of this model: did you mean "${right}"?`);
  });

  const urlOnly = (thing: string) =>
    `takes an http(s) URL of a ${thing}, no data URI and no file name: put it where the API can fetch it`;

  test.each([
    ['wan-2-6-r2v', 'video_urls[0]', { video_urls: [mp4] }, 'video'],
    ['wan-2-7-r2v', 'video_urls[1]', { video_urls: [link, 'clip.mp4'] }, 'video'],
    ['wan-2-7-r2v', 'image_urls[0]', { image_urls: [png] }, 'picture'],
    ['wan-2-7-r2v', 'first_frame_image', { first_frame_image: png }, 'picture'],
    ['wan-2-6-t2v', 'audio_url', { audio_url: 'data:audio/mp3;base64,AAAA' }, 'sound'],
    ['wan-2-7-i2v', 'audio_url', { image_url: link, audio_url: 'song.mp3' }, 'sound'],
    ['wan2.2-vace-fun-a14b-inpainting', 'mask_video_url', { video_url: link, mask_video_url: mp4 }, 'video'],
  ])('%s takes no data URI and no file name for %s, and says so', (model, path, input, thing) => {
    expect(issueOf('video', { model, ...input })).toBe(`${path} ${urlOnly(thing)}`);
  });

  test.each([
    ['wan2.2-i2v-plus', { image_url: 'cat.png' }, 'picture'],
    ['wan2.2-i2v-plus', { image_url: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB' }, 'picture'],
    ['wan2.2-i2v-plus', { image_url: mp4 }, 'picture'],
    ['wan2.2-vace-fun-a14b-pose', { video_url: '/home/me/clip.mp4' }, 'video'],
    ['wan2.2-vace-fun-a14b-pose', { video_url: png }, 'video'],
  ])('%s refuses %j with a hint at toDataUri', (model, input, thing) => {
    const [field] = Object.keys(input);
    const type = thing === 'picture' ? 'image' : 'video';
    expect(issueOf('video', { model, ...input })).toBe(
      `${field} takes an http(s) URL, or a local ${thing} as "data:${type}/…;base64,…" (toDataUri makes one)`,
    );
  });
});

describe('the model with a path of its own', () => {
  const input: VideoInput = { model: 'wan/v2.1/1.3b/text-to-video', prompt: 'a dragon' };

  test('is started and asked for there', async () => {
    const api = createFakeApi({ videoSeconds: 0 });
    const server = await api.listen();
    onTestFinished(() => server.close());
    const wan = createWan({ apiKey: 'test', baseUrl: server.url });
    const job = await wan.generateVideo(input);
    expect(job).toMatchObject({
      state: 'running',
      model: input.model,
      statusPath: '/v2/generate/video/alibaba/generation',
    });
    await expect(wan.getVideo(job)).resolves.toMatchObject({ state: 'done' });
    await expect(wan.pollUntilDone(job, { intervalMs: 10 })).resolves.toMatchObject({ model: input.model });
    const paths = api.requests.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(paths)).toEqual(
      new Set(['POST /v2/generate/video/alibaba/generation', 'GET /v2/generate/video/alibaba/generation']),
    );
  });

  test('is found there by its id alone', async () => {
    const api = createFakeApi({ videoSeconds: 0 });
    const wan = createWan({ apiKey: 'test', fetch: api.fetch });
    const { id } = await wan.generateVideo(input);
    await expect(wan.pollUntilDone(id, { intervalMs: 10 })).resolves.toMatchObject({ id });
  });
});
