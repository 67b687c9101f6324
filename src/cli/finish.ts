import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import type { ImageResult, SavedFile, Usage, VideoJob, VideoUpdate, WanImage } from '../index.js';
import { need } from './client.js';
import { messageOf } from './failure.js';
import { createFileNames, type NameFacts } from './file-names.js';
import { type Screen, showBytes, showUsd } from './screen.js';
import type { Made, OpenCreate, Session, Tools } from './session.js';

/** Nothing is left to come back for. */
export async function settle(
  { open, journal }: Session,
  entry: OpenCreate,
  how: 'done' | 'failed' | 'unpaid',
): Promise<void> {
  open.delete(entry);
  await journal?.end(entry, how);
}

/** Waits for a video and saves it. */
export async function finishVideo(
  session: Session,
  { client, names }: Tools,
  jobOrId: VideoJob | string,
  entry: OpenCreate,
  line?: number,
  onUpdate?: (update: VideoUpdate) => void,
): Promise<Made> {
  const { signal, given, open } = session;
  open.add(entry);
  const maxWaitMs = given.number('max-wait');
  // the embedded API needs 3 s where the real one needs minutes
  const intervalMs = given.number('interval') ?? (given.has('fake') ? 500 : undefined);
  const video = await settleFailed(
    session,
    entry,
    client.pollUntilDone(jobOrId, { signal, maxWaitMs, intervalMs, onUpdate }),
  );
  Object.assign(entry, { model: video.model ?? entry.model, isDone: true });
  const saved = await names.save(client.save, video, { ...entry, index: 1, files: 1, line }, { signal });
  await settle(session, entry, 'done');
  return toMade(entry, 'completed', [saved], video.usage);
}

/** A video that failed leaves nothing open. */
function settleFailed<Result>(session: Session, entry: OpenCreate, work: Promise<Result>): Promise<Result> {
  return work.catch(async (error: Error) => {
    if (error.name === 'VideoFailedError') await settle(session, entry, 'failed');
    throw error;
  });
}

export const notThere =
  'The log has no row of it yet. Rows may come late: look again before you pay for another';

/** Goes on with what is open: looks it up where no id is known, waits, and saves. It never pays. */
export async function goOnWith(
  session: Session,
  tools: Tools,
  entry: OpenCreate,
  line?: number,
  onUpdate?: (update: VideoUpdate) => void,
): Promise<Made> {
  const { signal, given, open, journal } = session;
  open.add(entry);
  const { links = [], id } = entry;
  if (links.length > 0) {
    const images = links.map((url) => ({ url }));
    return saveImages(session, tools, { images, ...(id !== undefined && { inferenceId: id }) }, entry, line);
  }
  if (id !== undefined) return finishVideo(session, tools, id, entry, line, onUpdate);
  if (entry.kind === 'image') {
    throw new Error(
      'The images of a lost answer cannot be found again. The log tells whether they were paid for; a batch makes them again when their line is taken out of the results',
    );
  }
  const options = { signal, maxWaitMs: given.number('max-wait') };
  const job = await settleFailed(session, entry, need(tools.client, 'recoverVideo')(entry, options));
  if (!job) throw new Error(notThere);
  entry.id = job.id;
  await journal?.accepted(entry);
  return finishVideo(session, tools, job, entry, line, onUpdate);
}

/** Saves all images of a create. Those that cannot be saved leave their links, which nothing else can find again. */
export async function saveImages(
  session: Session,
  tools: Tools,
  result: Pick<ImageResult, 'usage' | 'inferenceId'> & { images: readonly WanImage[] },
  entry: OpenCreate,
  line?: number,
): Promise<Made> {
  const { images, usage, inferenceId: id = entry.clientRequestId } = result;
  entry.links = images.flatMap(({ url }) => url ?? []);
  const tries = images.map(async (image, at) => {
    const facts = { ...entry, id, index: at + 1, files: images.length, line };
    const saved = await saveImage(session, tools, image, facts);
    entry.links = entry.links?.filter((link) => link !== image.url);
    return saved;
  });
  await Promise.allSettled(tries);
  const files = await Promise.all(tries);
  await settle(session, entry, 'done');
  return toMade({ ...entry, id }, 'completed', files, usage);
}

/** Saves one image. One without a link is nowhere else: where its place takes no file, it goes to the temporary folder. */
async function saveImage(
  { screen, signal }: Session,
  { client, names }: Tools,
  image: WanImage,
  facts: NameFacts,
): Promise<SavedFile> {
  try {
    return await names.save(client.save, image, facts, { signal });
  } catch (error) {
    if (image.url !== undefined) throw error;
    const saved = await createFileNames(join(tmpdir(), sep)).save(client.save, image, facts);
    screen.error(
      `${messageOf(error)}. The picture is paid for and has no link, so that it was saved as ${saved.path}`,
    );
    return saved;
  }
}

export function toMade(entry: OpenCreate, status: string, files: Made['files'], usage?: Usage): Made {
  const { kind, model, id, clientRequestId, startedAt } = entry;
  const seconds = Math.round((Date.now() - Date.parse(startedAt)) / 100) / 10;
  return {
    kind,
    model,
    status,
    ...(id !== undefined && { id }),
    clientRequestId,
    files,
    seconds,
    ...(usage && { usd: usage.usdSpent }),
  };
}

/** The result of a create: its files for people, its paths for `--quiet`. */
export function showMade(screen: Screen, made: Made): void {
  const { files, id, seconds, usd } = made;
  const facts = [`${seconds} s`, ...(usd === undefined ? [] : [showUsd(usd)])];
  const lines = files.map(({ path, bytes }) => [showPath(path), showBytes(bytes), ...facts].join('  '));
  const paths = files.map(({ path }) => path);
  screen.result(made, lines, paths.length > 0 ? paths : [id ?? '']);
}

/** A path as it is shortest from here. */
export function showPath(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
}
