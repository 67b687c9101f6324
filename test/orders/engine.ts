import {
  mayHaveBeenPaid,
  VideoFailedError,
  type VideoJob,
  type VideoOrder,
  type Wan,
} from '../../src/index.js';

/** What outlives a crash, as JSON. */
export interface Journal {
  order?: VideoOrder;
  sent?: boolean;
  job?: VideoJob;
  /** Bytes of the file. */
  saved?: number;
}

/** What an engine gives to its steps. Each of these may be the last thing that a worker does. */
export interface Tools {
  readonly wan: Wan;
  read(): Promise<Journal>;
  write(journal: Journal): Promise<void>;
  sleep(ms: number): Promise<void>;
  step<T>(call: () => Promise<T>): Promise<T>;
  /** Told of each error of `startVideo`, and whether the mark is taken back. */
  onError(error: unknown, isUnpaid: boolean): void;
}

const input = { model: 'wan2.2-t2v-plus', prompt: 'a dragon', resolution: '480P' } as const;
const lookMs = 20 * 60_000;
const lookEveryMs = 4 * 60_000;
const retryMs = 2_000;

/**
 * Makes one video by the recipe of DESIGN.md ("Orders"), from wherever the journal says that an earlier worker has come.
 * `nobody knows`: no row came up in 20 minutes, so that a person has to decide.
 */
export async function work(tools: Tools): Promise<'saved' | 'nobody knows'> {
  const { wan, step } = tools;
  let journal = await tools.read();
  const store = async (changes: Journal) => {
    journal = { ...journal, ...changes };
    await tools.write(journal);
  };

  if (!journal.order) await store({ order: await step(() => wan.orderVideo(input)), sent: false });
  const { order } = journal;
  if (!order) throw new Error('there is no order');

  const lookUntilMs = Date.now() + lookMs;
  while (!journal.job) {
    const again = journal.sent === true;
    if (!again) await store({ sent: true });
    let isUnpaid = false;
    try {
      const job = await step(() => wan.startVideo(order, { again }));
      if (job) await store({ job });
    } catch (error) {
      isUnpaid = !mayHaveBeenPaid(error);
      tools.onError(error, isUnpaid);
      if (isUnpaid) await store({ sent: false });
      else if (again && !(error instanceof VideoFailedError)) await tools.sleep(retryMs);
    }
    if (journal.job) break;
    if (Date.now() > lookUntilMs) return 'nobody knows';
    await tools.sleep(isUnpaid ? retryMs : lookEveryMs);
  }

  for (let nextMs = 1; nextMs > 0; ) {
    const { job: known } = journal;
    if (!known) throw new Error('there is no job');
    const check = await step(() => wan.checkVideo(known));
    await store({ job: check.job });
    nextMs = check.nextMs;
    if (nextMs > 0) await tools.sleep(nextMs);
  }
  const { job, saved } = journal;
  if (saved === undefined && job) {
    const bytes = await step(() => wan.download(job));
    await store({ saved: bytes.byteLength });
  }
  return 'saved';
}
