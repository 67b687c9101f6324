import {
  ApiError,
  createWan,
  type ImageInput,
  OutcomeUnknownError,
  type RequestOptions,
  toDataUri,
  type VideoJob,
  WanError,
} from 'aimlapi-wan';
import { type AimlapiProvider, aimlapi, createAimlapi } from 'aimlapi-wan/ai-sdk';
import { checkInput, type InputOf, jsonSchemaOf, schemaOf } from 'aimlapi-wan/models';
import { createFakeApi } from 'aimlapi-wan/testing';
import { createVtrix } from 'aimlapi-wan/vtrix';

/** What an app writes, compiled in projects of several kinds by check.mjs. It never runs. */

const wan = createWan({ fetch, headers: { 'x-team': 'wan', 'x-trace': undefined }, maxRetries: 2 });
const vtrix = createVtrix({ fetch });
/** The declarations need no `ai`, which is not installed here. */
export const providers: AimlapiProvider[] = [aimlapi, createAimlapi({ fetch, baseURL: 'http://localhost' })];
const api = createFakeApi({ videoSeconds: 0 });
export const faked = createWan({ apiKey: () => 'test', fetch: api.fetch });

const addresses: readonly string[] = [];
const input = { model: 'wan-2-6-image', prompt: 'a cat', image_urls: addresses } as const;
export const inputs: ImageInput[] = [input];

export function check(fields: Omit<InputOf<'wan2.2-t2v-plus'>, 'model'>): string[] {
  const { issues = [] } = checkInput({ model: 'wan2.2-t2v-plus', ...fields });
  const { validate } = schemaOf('wan2.2-t2v-plus')['~standard'];
  const more = validate(fields).issues ?? [];
  return [...issues, ...more].map(({ message }) => message).concat(Object.keys(jsonSchemaOf('wan2.6-t2v')));
}

export async function makeImage(options: RequestOptions): Promise<string> {
  const { images } = await wan.generateImage(input, options);
  const source = await toDataUri(new Uint8Array(8));
  await wan.generateImage(
    { ...input, image_urls: [source] as const },
    { signal: new AbortController().signal },
  );
  const { path } = await wan.save(images[0], new URL('file:///out.png'));
  return path;
}

export async function wait(job: VideoJob): Promise<Uint8Array> {
  for await (const { video } of wan.watchVideo(job)) if (video) return wan.download(video);
  return wan.download(await vtrix.pollUntilDone(job));
}

export function describe(error: unknown): unknown {
  if (error instanceof OutcomeUnknownError) return error.clientRequestId;
  if (error instanceof ApiError) return error.status;
  return error instanceof WanError ? [error.name, error.cause] : undefined;
}

export async function serve(): Promise<number> {
  const { url, close } = await api.listen();
  const response: Response = await api.fetch(new Request(url));
  await close();
  return response.status;
}
