import { describe, expect, it } from 'vitest';
import { typicalMsOf } from '../../src/aimlapi/models/find-model.js';
import { models } from '../../src/aimlapi/models/list-models.js';
import { createWan } from '../../src/index.js';

/** Between how many seconds the run on the documentation page of each model ended, by hand. */
const documented: Record<string, [from: number, to: number]> = {
  'alibaba/wan2.1-t2v-plus': [430, 440],
  'alibaba/wan2.2-t2v-plus': [360, 370],
  'alibaba/wan2.2-14b-animate-move': [40, 50],
  'alibaba/wan2.2-vace-fun-a14b-depth': [40, 50],
  'alibaba/wan2.2-vace-fun-a14b-outpainting': [40, 50],
  'alibaba/wan2.2-vace-fun-a14b-reframe': [40, 50],
  'alibaba/wan2.5-t2v-preview': [30, 40],
  'alibaba/wan-2-6-t2v': [150, 165],
  'alibaba/wan-2-6-i2v': [150, 165],
  'alibaba/wan-2-7-r2v': [120, 135],
};

const unknown = models().filter(({ id }) => !(id in documented));

describe('typicalMsOf()', () => {
  it.each(Object.entries(documented))(
    'is the middle of the documented run of %s, by all its names',
    (id, run) => {
      const names = models().flatMap((model) => (model.id === id ? [id, ...model.aliases] : []));
      expect(names.length).toBeGreaterThan(1);
      const [from, to] = run;
      for (const name of names) expect(typicalMsOf(name)).toBe((from + to) * 500);
    },
  );

  it('is nothing where the documentation records no run', () => {
    expect(unknown).toHaveLength(17);
    for (const { id } of unknown) expect(typicalMsOf(id)).toBeUndefined();
    for (const name of ['alibaba/wan-9', '', undefined]) expect(typicalMsOf(name)).toBeUndefined();
  });
});

describe('a wait that has seen no job end', () => {
  /** What the first update of a wait for a job of this model tells. */
  async function firstUpdate(model: string) {
    const wan = createWan({
      apiKey: 'k-12345678',
      fetch: async () => Response.json({ id: 'j', status: 'generating' }),
    });
    const createdAt = new Date().toISOString();
    const job = { provider: 'aimlapi', id: 'j', state: 'running', status: 'queued', raw: 1 } as const;
    for await (const update of wan.watchVideo({ ...job, model, createdAt })) return update;
    throw new Error('there was no update');
  }

  it.each(Object.entries(documented))(
    'expects %s to take as long as the documented run',
    async (id, [from, to]) => {
      const { etaMs = 0 } = await firstUpdate(id);
      expect(etaMs / 1000).toBeLessThanOrEqual(to);
      expect(etaMs / 1000).toBeGreaterThanOrEqual(from - 10);
    },
  );

  it('expects nothing of the others', async () => {
    for (const { id } of unknown) expect(await firstUpdate(id)).not.toHaveProperty('etaMs');
  });
});
