import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/fake/issues.js';
import { aliasesOf, findIssues, findRules, modelRules } from '../../src/fake/rules.js';

const prompt = 'a dragon';

function rulesOf(model: string) {
  const rules = findRules(model);
  if (!rules) throw new Error(`there are no rules for ${model}`);
  return rules;
}

function issuesOf(model: string, fields: object) {
  return findIssues(rulesOf(model).body, { model, prompt, ...fields });
}

const models = Object.keys(modelRules);
const imageModels = models.filter((model) => rulesOf(model).kind === 'image');
const videoModels = models.filter((model) => rulesOf(model).kind === 'video');
const textToImage = ['alibaba/wan2.2-t2i-plus', 'alibaba/wan2.2-t2i-flash', 'alibaba/wan2.5-t2i-preview'];
const imageToImage = ['alibaba/wan-2-6-image', 'alibaba/wan-2-7-image', 'alibaba/wan-2-7-image-pro'];
const link = 'https://example.com/cat.png';
const dataUri = 'data:image/png;base64,iVBORw0KGgo=';

test('modelRules holds 27 models', () => {
  expect(models).toHaveLength(27);
  expect(imageModels.toSorted()).toEqual([...textToImage, ...imageToImage].toSorted());
  expect(videoModels).toHaveLength(21);
});

describe.each(imageModels)('%s', (model) => {
  test.each([
    ['a prompt alone', {}],
    ['an empty prompt', { prompt: '' }],
    ['the longest texts', { prompt: '🦖'.repeat(2000), negative_prompt: '🦖'.repeat(500) }],
    ['a preset and flags', { image_size: 'square_hd', enhance_prompt: false, watermark: true, seed: 0 }],
    ['a size and the last seed', { image_size: { width: 512, height: 1440 }, seed: 2_147_483_647 }],
    ['a field that it does not know', { a_field_of_the_future: true }],
  ])('findIssues() finds nothing wrong with %s', (_, fields) => {
    expect(issuesOf(model, fields)).toEqual([]);
  });

  test.each([
    ['no prompt', { prompt: undefined }, ['prompt'], 'invalid_type', 'Required'],
    ['a prompt of null', { prompt: null }, ['prompt'], 'invalid_type', 'Expected string, received null'],
    [
      'a prompt too long',
      { prompt: 'a'.repeat(2001) },
      ['prompt'],
      'too_big',
      'Must contain at most 2000 character(s)',
    ],
    [
      'a negative prompt too long',
      { negative_prompt: 'a'.repeat(501) },
      ['negative_prompt'],
      'too_big',
      'Must contain at most 500 character(s)',
    ],
    [
      'a negative prompt of null',
      { negative_prompt: null },
      ['negative_prompt'],
      'invalid_type',
      'Expected string, received null',
    ],
    [
      'a flag as text',
      { enhance_prompt: 'yes' },
      ['enhance_prompt'],
      'invalid_type',
      'Expected boolean, received string',
    ],
    [
      'a flag as number',
      { watermark: 1 },
      ['watermark'],
      'invalid_type',
      'Expected boolean, received number',
    ],
    ['a seed too small', { seed: -1 }, ['seed'], 'too_small', 'Number must be greater than or equal to 0'],
    [
      'a seed too large',
      { seed: 2_147_483_648 },
      ['seed'],
      'too_big',
      'Number must be less than or equal to 2147483647',
    ],
    ['half a seed', { seed: 0.5 }, ['seed'], 'invalid_type', 'Expected integer, received number'],
    ['a size without that name', { image_size: 'wide' }, ['image_size'], 'invalid_union', 'Invalid input'],
    ['half a size', { image_size: { width: 512 } }, ['image_size'], 'invalid_union', 'Invalid input'],
  ])('findIssues() finds %s', (_, fields, path, code, message) => {
    expect(issuesOf(model, fields)).toEqual([expect.objectContaining({ path, code, message })]);
  });

  test.each([480, 500, 513, 1472, '512', null])('findIssues() refuses %j as a side', (side) => {
    const [issue] = issuesOf(model, { image_size: { width: side, height: 512 } });
    expect(issue).toMatchObject({ code: 'invalid_union', path: ['image_size'] });
    expect(issue?.unionErrors).toHaveLength(2);
    expect(issue?.unionErrors).toMatchObject([
      [{ path: ['image_size', 'width'] }],
      [{ path: ['image_size'] }],
    ]);
  });
});

describe('num_images', () => {
  test.each(textToImage)('findIssues() knows the limits of %s', (model) => {
    for (const good of [1, 4]) expect(issuesOf(model, { num_images: good })).toEqual([]);
    for (const bad of [0, 5, 1.5, '2', null]) {
      expect(issuesOf(model, { num_images: bad })).toMatchObject([{ path: ['num_images'] }]);
    }
  });

  test.each(imageToImage)('findIssues() passes over num_images at %s, which has no such field', (model) => {
    expect(issuesOf(model, { num_images: 9 })).toEqual([]);
  });
});

describe.each(imageToImage)('image_urls of %s', (model) => {
  test.each([[[link]], [[link, dataUri, link]]])('findIssues() takes %j', (urls) => {
    expect(issuesOf(model, { image_urls: urls })).toEqual([]);
  });

  test.each([
    [[], ['image_urls'], 'too_small'],
    [[link, link, link, link], ['image_urls'], 'too_big'],
    [link, ['image_urls'], 'invalid_type'],
    [{ 0: link }, ['image_urls'], 'invalid_type'],
    [[link, 'cat.png'], ['image_urls', 1], 'invalid_string'],
    [[5], ['image_urls', 0], 'invalid_type'],
  ])('findIssues() refuses %j', (urls, path, code) => {
    expect(issuesOf(model, { image_urls: urls })).toMatchObject([{ path, code }]);
  });
});

describe('alibaba/wan2.2-t2v-plus', () => {
  const model = 'alibaba/wan2.2-t2v-plus';

  test.each([
    ['texts of any length', { prompt: 'a'.repeat(100_000), negative_prompt: 'a'.repeat(100_000) }],
    ['every field', { resolution: '480P', aspect_ratio: '9:16', seed: -(2 ** 40), watermark: true }],
    ['a field that it does not know', { resolution: '1080P', aspect_ratio: '3:4', duration: 10 }],
  ])('findIssues() finds nothing wrong with %s', (_, fields) => {
    expect(issuesOf(model, fields)).toEqual([]);
  });

  test('findIssues() tells a wrong word in the form of the API', () => {
    expect(issuesOf(model, { resolution: '720P' })).toEqual([
      {
        received: '720P',
        code: 'invalid_enum_value',
        options: ['480P', '1080P'],
        path: ['resolution'],
        message: "Invalid enum value. Expected '480P' | '1080P', received '720P'",
      },
    ]);
  });

  test('findIssues() finds every issue of a body', () => {
    const fields = { prompt: 5, resolution: '480p', aspect_ratio: '21:9', seed: 1.5, watermark: null };
    expect(
      issuesOf(model, fields)
        .map(({ path }) => path.join())
        .toSorted(),
    ).toEqual(['aspect_ratio', 'prompt', 'resolution', 'seed', 'watermark']);
  });

  test.each([null, [], 'text', 5, undefined])('findIssues() refuses the body %j', (body) => {
    expect(findIssues(modelRules[model]?.body ?? { type: 'boolean' }, body)).toMatchObject([
      { code: 'invalid_type', expected: 'object', path: [] },
    ]);
  });
});

interface Facts {
  /** Required beside `model`. */
  needs: string;
  /** What its fields are called, beside those that it needs. */
  has: string;
  resolutions?: string;
  ratios?: string;
  durations?: number[];
  /** Fields that take a link alone, and no data URI. */
  links?: string;
}

const common = 'negative_prompt seed enhance_prompt';
const five = '16:9 9:16 1:1 4:3 3:4';
const ofText26: Facts = {
  needs: 'prompt',
  has: `${common} audio_url aspect_ratio resolution duration shot_type generate_audio`,
  resolutions: '720p 1080p',
  ratios: five,
  durations: [5, 10, 15],
  links: 'audio_url',
};
const ofImage26: Facts = {
  needs: 'prompt image_url',
  has: `${common} audio_url resolution duration shot_type generate_audio`,
  resolutions: '720p 1080p',
  durations: [5, 10, 15],
  links: 'audio_url',
};
const ofAnimate: Facts = {
  needs: 'video_url image_url',
  has: 'resolution num_inference_steps enable_safety_checker shift video_quality video_write_mode',
  resolutions: '480p 580p 720p',
};
const vaceFields =
  'negative_prompt match_input_num_frames num_frames match_input_frames_per_second frames_per_second ' +
  'resolution aspect_ratio num_inference_steps guidance_scale shift enable_safety_checker ' +
  'enable_prompt_expansion preprocess acceleration video_quality video_write_mode num_interpolated_frames ' +
  'temporal_downsample_factor enable_auto_downsample auto_downsample_min_fps interpolator_model sync_mode';
const ofVace: Facts = {
  needs: 'prompt video_url',
  has: vaceFields,
  resolutions: '480p 580p 720p',
  ratios: 'auto 16:9 1:1 9:16',
};
const ofTextToImage: Facts = {
  needs: 'prompt',
  has: `${common} image_size num_images watermark`,
};
const ofImageToImage: Facts = { needs: 'prompt', has: `${common} image_size image_urls watermark` };

// told by hand, so that a slip in the rules shows
const facts: Record<string, Facts> = {
  'alibaba/wan2.2-t2i-flash': ofTextToImage,
  'alibaba/wan2.2-t2i-plus': ofTextToImage,
  'alibaba/wan2.5-t2i-preview': ofTextToImage,
  'alibaba/wan-2-6-image': ofImageToImage,
  'alibaba/wan-2-7-image': ofImageToImage,
  'alibaba/wan-2-7-image-pro': ofImageToImage,
  'wan/v2.1/1.3b/text-to-video': {
    needs: 'prompt',
    has:
      'negative_prompt seed aspect_ratio inference_steps guidance_scale shift sampler ' +
      'enable_safety_checker enable_prompt_expansion',
    ratios: '9:16 16:9',
  },
  'alibaba/wan2.1-t2v-plus': {
    needs: 'prompt',
    has: `${common} resolution aspect_ratio watermark`,
    resolutions: '720P',
    ratios: five,
  },
  'alibaba/wan2.1-t2v-turbo': {
    needs: 'prompt',
    has: `${common} resolution aspect_ratio watermark`,
    resolutions: '480P 720P',
    ratios: five,
  },
  'alibaba/wan2.2-t2v-plus': {
    needs: 'prompt',
    has: `${common} resolution aspect_ratio watermark`,
    resolutions: '480P 1080P',
    ratios: five,
  },
  'alibaba/wan2.2-i2v-plus': {
    needs: 'prompt image_url',
    has: `${common} resolution watermark`,
    resolutions: '480P 1080P',
  },
  'alibaba/wan2.2-14b-animate-move': ofAnimate,
  'alibaba/wan2.2-14b-animate-replace': ofAnimate,
  'alibaba/wan2.2-vace-fun-a14b-depth': ofVace,
  'alibaba/wan2.2-vace-fun-a14b-pose': ofVace,
  'alibaba/wan2.2-vace-fun-a14b-inpainting': {
    ...ofVace,
    has: `${vaceFields} image_list mask_video_url`,
    links: 'image_list mask_video_url',
  },
  'alibaba/wan2.2-vace-fun-a14b-outpainting': {
    ...ofVace,
    has: `${vaceFields} expand_left expand_right expand_top expand_bottom expand_ratio`,
  },
  'alibaba/wan2.2-vace-fun-a14b-reframe': {
    ...ofVace,
    needs: 'video_url',
    has: `${vaceFields} prompt zoom_factor trim_borders`,
  },
  'alibaba/wan2.5-t2v-preview': {
    needs: 'prompt',
    has: `${common} resolution aspect_ratio duration`,
    resolutions: '480p 720p 1080p',
    ratios: '16:9 9:16 1:1',
    durations: [5, 10],
  },
  'alibaba/wan2.5-i2v-preview': {
    needs: 'prompt image_url',
    has: `${common} resolution aspect_ratio duration`,
    resolutions: '480p 720p 1080p',
    ratios: '16:9 9:16 1:1',
    durations: [5, 10],
  },
  'alibaba/wan-2-6-t2v': ofText26,
  'alibaba/wan-2-6-i2v': ofImage26,
  'alibaba/wan-2-6-image-to-video-flash': ofImage26,
  'alibaba/wan-2-6-r2v': {
    needs: 'prompt video_urls',
    has: `${common} aspect_ratio resolution duration shot_type`,
    resolutions: '720p 1080p',
    ratios: five,
    durations: [5, 10, 15],
    links: 'video_urls',
  },
  'alibaba/wan-2-7-t2v': ofText26,
  'alibaba/wan-2-7-i2v': {
    needs: 'prompt image_url',
    has: `${common} audio_url resolution duration enable_prompt_expansion watermark`,
    resolutions: '720p 1080p',
    durations: [5, 10, 15],
    links: 'audio_url',
  },
  'alibaba/wan-2-7-r2v': {
    needs: 'prompt',
    has: `${common} first_frame_image image_urls video_urls aspect_ratio resolution duration watermark`,
    resolutions: '720p 1080p',
    ratios: five,
    durations: [5, 10, 15],
    links: 'first_frame_image image_urls video_urls',
  },
};

function wordsOf(text = ''): string[] {
  return text === '' ? [] : text.split(' ');
}

/** The values that are let through in a field, of those that are tried. */
function letThrough(model: string, field: string, values: readonly unknown[]): unknown[] {
  const minimal = minimalOf(model);
  return values.filter(
    (value) => findIssues(rulesOf(model).body, { ...minimal, [field]: value }).length === 0,
  );
}

/** A body with nothing in it but what the model needs. */
function minimalOf(model: string): Record<string, unknown> {
  const { needs = '' } = facts[model] ?? {};
  const values = wordsOf(needs).map((field) => [
    field,
    field === 'prompt' ? prompt : field.endsWith('s') ? [link] : link,
  ]);
  return { model, ...Object.fromEntries(values) };
}

test('there are facts for every model', () => {
  expect(Object.keys(facts).toSorted()).toEqual(models.toSorted());
});

describe.each(Object.entries(facts))('the facts of %s', (model, { needs, has, ...limits }) => {
  const tried: [string, unknown[], unknown[] | undefined][] = [
    [
      'resolution',
      ['480P', '480p', '580P', '580p', '720P', '720p', '1080P', '1080p', '4k', ''],
      limits.resolutions?.split(' '),
    ],
    ['aspect_ratio', ['auto', '16:9', '9:16', '1:1', '4:3', '3:4', '21:9', ''], limits.ratios?.split(' ')],
    ['duration', [0, 4, 5, 7, 10, 12, 15, 20, 10.5, '5', '10', null], limits.durations],
  ];

  test('findIssues() takes a body with what the model needs, and none with less', () => {
    const minimal = minimalOf(model);
    expect(findIssues(rulesOf(model).body, minimal)).toEqual([]);
    for (const field of ['model', ...wordsOf(needs)]) {
      expect(findIssues(rulesOf(model).body, { ...minimal, [field]: undefined })).toMatchObject([
        { path: [field], code: 'invalid_type', message: 'Required' },
      ]);
    }
  });

  test('modelRules knows its fields, and no others', () => {
    const fields = ['model', ...wordsOf(needs), ...wordsOf(has)];
    expect(Object.keys(rulesOf(model).body.properties).toSorted()).toEqual(fields.toSorted());
  });

  test.each(tried)('findIssues() knows the words of its %s', (field, values, good) => {
    // a field that the model does not have is passed over, whatever is in it
    const expected = good ?? values;
    expect(letThrough(model, field, values).toSorted()).toEqual([...expected].toSorted());
  });

  const media = [...wordsOf(needs), ...wordsOf(has)].filter((field) =>
    /_urls?$|_image$|image_list/.test(field),
  );
  test.each(media)('findIssues() knows the forms that its %s may have', (field) => {
    const wrap = (value: unknown) => (/s$|_list$/.test(field) ? [value] : value);
    const bad = ['iVBORw0KGgo=', 'cat.png', '/cat.png', '//example.com/cat.png', '', 5, null].map(wrap);
    const isLink = wordsOf(limits.links).includes(field);
    expect(letThrough(model, field, [wrap(link), wrap('HTTP://EXAMPLE.COM'), ...bad])).toEqual([
      wrap(link),
      wrap('HTTP://EXAMPLE.COM'),
    ]);
    const dataUris = [dataUri, 'DATA:video/mp4;base64,AAAA', 'data:,'].map(wrap);
    expect(letThrough(model, field, dataUris)).toEqual(isLink ? [] : dataUris);
  });
});

describe('other limits', () => {
  const lists = (count: number) => Array.from({ length: count }, () => link);

  test.each([
    ['alibaba/wan-2-6-r2v', 'video_urls', [1, 3], [0, 4]],
    ['alibaba/wan-2-7-r2v', 'video_urls', [0, 5], [6]],
    ['alibaba/wan-2-7-r2v', 'image_urls', [0, 5], [6]],
    ['alibaba/wan2.2-vace-fun-a14b-inpainting', 'image_list', [0, 50], []],
  ])('findIssues() knows how many %s has of %s', (model, field, good, bad) => {
    const values = [...good, ...bad].map(lists);
    expect(letThrough(model, field, values)).toEqual(good.map(lists));
  });

  test.each([
    ['alibaba/wan2.2-vace-fun-a14b-pose', 'num_frames', [17, 241], [16, 242, 81.5, '81']],
    ['alibaba/wan2.2-vace-fun-a14b-depth', 'frames_per_second', [5, 30], [4, 31, 16.5, null]],
    ['alibaba/wan2.2-vace-fun-a14b-reframe', 'zoom_factor', [-1, 0.5, 100], ['0.5', null]],
    ['alibaba/wan2.2-vace-fun-a14b-outpainting', 'expand_ratio', [0, 0.25, 7], ['0.25', true]],
    ['alibaba/wan2.2-vace-fun-a14b-depth', 'acceleration', ['none', 'regular'], ['high', 'None']],
    ['alibaba/wan2.2-vace-fun-a14b-depth', 'interpolator_model', ['rife', 'film'], ['FILM', null]],
    ['alibaba/wan2.2-14b-animate-move', 'shift', [5, 5.5, -3], ['5']],
    ['alibaba/wan2.2-14b-animate-replace', 'num_inference_steps', [0, 20, 1000], [20.5, '20']],
    ['alibaba/wan2.2-14b-animate-move', 'video_quality', ['low', 'medium', 'high', 'maximum'], ['max']],
    ['alibaba/wan2.2-14b-animate-move', 'video_write_mode', ['fast', 'balanced', 'small'], ['slow']],
    ['wan/v2.1/1.3b/text-to-video', 'sampler', ['unipc', 'dpm+'], ['dpm', 'UniPC']],
    ['wan/v2.1/1.3b/text-to-video', 'guidance_scale', [5, 7.5], ['5']],
    ['alibaba/wan-2-6-t2v', 'shot_type', ['single', 'multi'], ['Multi', 'double']],
    ['alibaba/wan-2-6-t2v', 'seed', [-(2 ** 40), 0, 2 ** 40], [0.5, '7']],
    ['alibaba/wan-2-7-i2v', 'enable_prompt_expansion', [true, false], ['true', 1]],
    ['alibaba/wan-2-6-i2v', 'generate_audio', [true, false], ['false', 0]],
  ])('findIssues() knows the limits that %s has for %s', (model, field, good, bad) => {
    expect(letThrough(model, field, [...good, ...bad])).toEqual(good);
  });

  test.each([
    ['a fraction', 5.5, 'auto_downsample_min_fps expand_ratio guidance_scale shift zoom_factor'],
    [
      'a flag',
      true,
      'enable_auto_downsample enable_prompt_expansion enable_safety_checker enhance_prompt expand_bottom ' +
        'expand_left expand_right expand_top generate_audio match_input_frames_per_second ' +
        'match_input_num_frames preprocess sync_mode trim_borders watermark',
    ],
    [
      'a negative number',
      -1,
      'auto_downsample_min_fps expand_ratio guidance_scale inference_steps num_inference_steps ' +
        'num_interpolated_frames seed shift temporal_downsample_factor zoom_factor',
    ],
  ])('findIssues() knows which fields take %s', (_, value, names) => {
    const fields = models.flatMap((model) =>
      Object.keys(rulesOf(model).body.properties).map((field) => ({ model, field })),
    );
    const taken = fields.filter(({ model, field }) => letThrough(model, field, [value]).length > 0);
    expect([...new Set(taken.map(({ field }) => field))].toSorted()).toEqual(wordsOf(names));
    const refused = fields.filter((each) => !taken.includes(each) && wordsOf(names).includes(each.field));
    // the seed of an image starts at 0
    const exceptions = value === -1 ? imageModels.map((model) => ({ model, field: 'seed' })) : [];
    expect(refused).toEqual(exceptions);
  });

  test.each(videoModels)('findIssues() knows how long a negative prompt of %s may be', (model) => {
    const texts = ['a'.repeat(500), 'a'.repeat(501), 'a'.repeat(100_000)];
    const isShort = ['alibaba/wan-2-7-i2v', 'alibaba/wan-2-7-r2v'].includes(model);
    expect(letThrough(model, 'negative_prompt', texts)).toEqual(isShort ? texts.slice(0, 1) : texts);
  });

  test.each(['alibaba/wan2.2-14b-animate-move', 'alibaba/wan2.2-14b-animate-replace'])(
    'findIssues() passes over the prompt of %s, which has none',
    (model) => {
      expect(letThrough(model, 'prompt', [prompt, 5, null])).toEqual([prompt, 5, null]);
    },
  );
});

describe('aliases', () => {
  test.each([
    ['alibaba/wan2.6-image', 'alibaba/wan-2-6-image'],
    ['alibaba/wan2.6-t2v', 'alibaba/wan-2-6-t2v'],
    ['alibaba/wan2.6-i2v', 'alibaba/wan-2-6-i2v'],
    ['alibaba/wan2.6-i2v-flash', 'alibaba/wan-2-6-image-to-video-flash'],
    ['alibaba/wan2.6-r2v', 'alibaba/wan-2-6-r2v'],
    ['alibaba/wan2.7-image', 'alibaba/wan-2-7-image'],
    ['alibaba/wan2.7-image-pro', 'alibaba/wan-2-7-image-pro'],
    ['alibaba/wan2.7-t2v', 'alibaba/wan-2-7-t2v'],
    ['alibaba/wan2.7-i2v', 'alibaba/wan-2-7-i2v'],
    ['alibaba/wan2.7-r2v', 'alibaba/wan-2-7-r2v'],
  ])('findRules() knows %s as %s', (alias, model) => {
    expect(findRules(alias)).toBe(modelRules[model]);
    expect(aliasesOf(model)).toEqual([alias]);
  });

  test('no other model has an alias', () => {
    expect(models.flatMap(aliasesOf)).toHaveLength(10);
  });

  test.each(['wan2.6-t2v', 'wan-2-6-t2v', 'alibaba/wan2.2-t2v', 'alibaba/WAN2.6-t2v', '', 'constructor'])(
    'findRules() knows no model %j',
    (name) => {
      expect(findRules(name)).toBeUndefined();
    },
  );
});

/** Values at each limit of a rule: the last that keep it, the first that break it. */
function limitsOf(rule: Rule): { good: unknown[]; bad: unknown[] } {
  if ('anyOf' in rule) {
    const limits = rule.anyOf.map(limitsOf);
    const bad = limits.flatMap((each) => each.bad);
    return {
      good: limits.flatMap(({ good }) => good),
      bad: bad.filter((value) => typeof value !== 'string'),
    };
  }
  const others = wrongTypes.filter((value) => typeof value !== typeName(rule.type)).concat(null);
  switch (rule.type) {
    case 'boolean':
      return { good: [true, false], bad: others };
    case 'string': {
      const { enum: words, maxLength, format } = rule;
      if (words) return { good: [...words], bad: [...others, '', ...words.map((word) => `${word} `)] };
      if (format)
        return { good: [link], bad: [...others, '', 'cat.png', ...(rule.urlOnly ? [dataUri] : [])] };
      if (maxLength === undefined) return { good: ['', 'a'.repeat(10_000)], bad: others };
      return { good: ['', 'a'.repeat(maxLength)], bad: [...others, 'a'.repeat(maxLength + 1)] };
    }
    case 'integer':
    case 'number': {
      const { enum: words, minimum, maximum, multipleOf = 1 } = rule;
      const fractions = rule.type === 'integer' ? [Number.NaN, 5.5] : [];
      if (words)
        return { good: [...words], bad: [...others, ...words.flatMap((word) => [word + 1, `${word}`])] };
      const bad = [...others, ...fractions];
      if (minimum === undefined || maximum === undefined) return { good: [0, -(2 ** 40), 2 ** 40], bad };
      return { good: [minimum, maximum], bad: [...bad, minimum - multipleOf, maximum + multipleOf] };
    }
    case 'array': {
      const { items, minItems = 0, maxItems } = rule;
      const [item] = limitsOf(items).good;
      const filled = (length: number) => Array.from({ length }, () => item);
      const badItems = limitsOf(items).bad.map((bad) => [...filled(Math.max(0, minItems - 1)), bad]);
      const sizes = [...(minItems > 0 ? [minItems - 1] : []), ...(maxItems ? [maxItems + 1] : [])];
      return {
        good: [filled(minItems), filled(maxItems ?? 100)],
        bad: [...others, {}, ...badItems, ...sizes.map(filled)],
      };
    }
    case 'object': {
      const sides = Object.entries(rule.properties).map(([name, side]) => [name, limitsOf(side)] as const);
      const whole = Object.fromEntries(sides.map(([name, { good }]) => [name, good[0]]));
      const withOne = (name: string) => (value: unknown) => ({ ...whole, [name]: value });
      return {
        good: sides.flatMap(([name, { good }]) => good.map(withOne(name))),
        bad: [
          ...others,
          [],
          ...rule.required.map((name) => withOne(name)(undefined)),
          ...sides.flatMap(([name, { bad }]) => bad.map(withOne(name))),
        ],
      };
    }
  }
}

const wrongTypes: unknown[] = ['text', 5, true, ['text'], { a: 5 }];

function typeName(type: string): string {
  return { integer: 'number', array: 'object' }[type] ?? type;
}

describe('every limit of every rule', () => {
  const checks = models.flatMap((model) =>
    Object.entries(rulesOf(model).body.properties).map(([field, rule]) => ({
      model,
      field,
      ...limitsOf(rule),
    })),
  );

  test('there are values for each of the 337 fields', () => {
    expect(checks).toHaveLength(337);
    expect(checks.filter(({ good, bad }) => good.length === 0 || bad.length < 5)).toEqual([]);
  });

  test.each(checks)('findIssues() keeps $model to the limits of $field', ({ model, field, good, bad }) => {
    const { body } = rulesOf(model);
    const minimal = minimalOf(model);
    for (const value of good) expect(findIssues(body, { ...minimal, [field]: value })).toEqual([]);
    for (const value of bad) {
      const issues = findIssues(body, { ...minimal, [field]: value });
      expect(issues, JSON.stringify(value)).not.toEqual([]);
      expect(issues.filter(({ path }) => path[0] !== field)).toEqual([]);
    }
  });
});
