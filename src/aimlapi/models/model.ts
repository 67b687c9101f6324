import type { $ZodType } from 'zod/v4/core';
import { type Checked, checkFields } from '../../input/check.js';
import type { Elsewhere } from '../../input/explain.js';
import { type FieldLimits, limitsOf } from '../../input/limits.js';

export type Kind = 'image' | 'video';

export const videoPath = '/v2/video/generations';
/** The page of each older Wan video model still prints this path, and the API takes one model only there. */
export const legacyVideoPath = '/v2/generate/video/alibaba/generation';

/** What makes each kind: the function here, its doing in words, and where the API takes its creates. */
export const kinds = {
  image: { call: 'generateImage', doing: 'make the image', path: '/v1/images/generations' },
  video: { call: 'generateVideo', doing: 'start the video', path: videoPath },
};

/** A line of the registry. */
export interface Model<K extends Kind, Input> {
  kind: K;
  /** Where the API takes its creates. */
  path: string;
  /** What else the API's catalogue calls it, without `alibaba/`. */
  others: readonly string[];
  typicalMs: number | undefined;
  /** The length of its videos, where that is documented and the input does not choose it. */
  seconds: number | undefined;
  /** Judges fields that were read already: it throws where a part of them does. */
  check(fields: object, elsewhere?: Elsewhere): Checked<Omit<Input, 'model'>>;
  limits(): FieldLimits;
  /** The schema of the fields beside `model`. It is unknown here because the declarations must not need zod. */
  schema(): unknown;
}

/** What a model's file exports: a function that builds the schema. */
interface Build<Input> {
  (): $ZodType<Omit<Input, 'model'>>;
  /** How long a job takes, where the documentation records a run. */
  typicalMs?: number;
  /** How long its videos are, where the documentation says so and no field does. */
  seconds?: number;
}

/** The schema is built when it is first needed, and kept. */
function toModel<K extends Kind, Input>(
  kind: K,
  build: Build<Input>,
  others: readonly string[],
): Model<K, Input> {
  let built: $ZodType<Omit<Input, 'model'>> | undefined;
  const schema = () => {
    built ??= build();
    return built;
  };
  return {
    kind,
    path: kinds[kind].path,
    others,
    typicalMs: build.typicalMs,
    seconds: build.seconds,
    check: (fields, elsewhere) => checkFields(schema(), fields, elsewhere),
    limits: () => limitsOf(schema()),
    schema,
  };
}

export function image<Input>(build: Build<Input>, ...others: string[]) {
  return toModel<'image', Input>('image', build, others);
}

export function video<Input>(build: Build<Input>, ...others: string[]) {
  return toModel<'video', Input>('video', build, others);
}

export function legacyVideo<Input>(build: Build<Input>) {
  return { ...video(build), path: legacyVideoPath };
}
