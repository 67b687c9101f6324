// What the check of an input takes before anything is sent: the first of a model, which builds its schema, and the others.
import { join } from 'node:path';
import { build } from 'esbuild';
import { inShort, medianOf, takeTurns, withChild } from './contest.mjs';

const prompt = 'a lighthouse at dusk, waves below, the camera goes round it';

/** From small to the largest, each with most of its fields. */
const inputs = [
  { kind: 'image', input: { model: 'wan2.5-t2i-preview', prompt } },
  {
    kind: 'video',
    input: {
      model: 'wan2.2-t2v-plus',
      prompt,
      negative_prompt: 'blurred',
      resolution: '1080P',
      aspect_ratio: '16:9',
      seed: 7,
    },
  },
  {
    kind: 'video',
    input: {
      model: 'wan2.6-i2v',
      prompt,
      image_url: 'https://example.com/a.png',
      resolution: '1080p',
      duration: 10,
      seed: 7,
    },
  },
  {
    kind: 'video',
    input: {
      model: 'wan2.2-vace-fun-a14b-outpainting',
      prompt,
      video_url: 'https://example.com/a.mp4',
      negative_prompt: 'blurred',
      num_frames: 81,
      frames_per_second: 16,
      resolution: '720p',
      aspect_ratio: '16:9',
      num_inference_steps: 30,
      guidance_scale: 5,
      shift: 5,
      enable_safety_checker: true,
      enable_prompt_expansion: true,
      preprocess: true,
      acceleration: 'regular',
      expand_left: true,
      expand_right: true,
      expand_top: false,
      expand_bottom: false,
      expand_ratio: 0.5,
    },
  },
];

/** @param {import('./contest.mjs').Context} context @returns {Promise<import('./contest.mjs').Row[]>} */
export async function measureChecking({ folder, isQuick }) {
  const modulePath = join(folder, 'models.mjs');
  await build({
    entryPoints: [new URL('../../src/aimlapi/models/checked-create.ts', import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: modulePath,
  });
  const byModel = Object.fromEntries(inputs.map((each) => [each.input.model, each]));
  const results = await takeTurns(Object.keys(byModel), isQuick ? 2 : 7, (model) =>
    withChild('checking-client.mjs', { args: [modulePath] }, (client) =>
      client.ask('run', { ...byModel[model], calls: 100_000 }),
    ),
  );
  const figures = (name) => Object.entries(results).map(([who, each]) => [who, each.map((one) => one[name])]);
  const later = figures('eachUs').map(([who, times]) => ({
    what: 'checking one input, after the first',
    who,
    measured: inShort(times, 'µs', 2),
    aim: 'at most 10 µs',
    isMet: medianOf(times) <= 10,
  }));
  const firsts = figures('firstMs').map(([who, times]) => ({
    what: 'checking the first input of a model',
    who,
    measured: inShort(times, 'ms', 2),
  }));
  return [...later, ...firsts];
}
