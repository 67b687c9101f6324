import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Create } from '../../src/base/around-create.js';
import { keepSale } from '../../src/base/create-payment.js';
import { Budget } from '../../src/money/budget.js';

/** The budget without a client: what it makes of each answer. Every create is quoted at $0.10. */
const usd = (amount: number) => amount * 2_000_000;

function budgetOf(maxUsd = 2_000) {
  const budget = new Budget({
    maxUsd,
    allowUnpriced: false,
    quote: async () => ({ credits: usd(0.1), basis: '$0.1 per request' }),
  });
  const create = (kind: Create['kind'], clientRequestId: string = randomUUID()): Create => {
    const made: Create = { kind, model: 'm', body: {}, clientRequestId, startedAt: '' };
    keepSale(made, { mayBePaid: true }, '{}');
    return made;
  };
  const make = (made: object, kind: Create['kind'] = 'video', id?: string) =>
    budget.around<object>(create(kind, id), async () => made);
  const lose = (id: string, kind: Create['kind'] = 'video') =>
    budget.around(create(kind, id), () => Promise.reject(new Error('reset'))).catch(() => {});
  const sums = () => {
    const { usd, reservedUsd, creates } = budget.spending();
    return { usd, reservedUsd, creates };
  };
  return { budget, make, lose, sums };
}

const open = { usd: 0, reservedUsd: 0.1, creates: 1 };
const none = { usd: 0, reservedUsd: 0, creates: 0 };

test.each([
  ['a cost of nothing, which is that of the status check', { usdSpent: 0 }],
  ['no cost', undefined],
])('a finished video with %s stays reserved until its row tells the cost', async (_, usage) => {
  const { budget, make, sums } = budgetOf();
  await make({ id: 'a', state: 'running', usage });
  expect(sums()).toEqual(open);
  budget.see({ id: 'a', state: 'done', usage });
  expect(sums()).toEqual(open);
  budget.see({ id: 'a', state: 'done', usage: { usdSpent: 0.3 } });
  expect(sums()).toEqual({ usd: 0.3, reservedUsd: 0, creates: 1 });
});

test('a failure is taken back once, however often it is told', async () => {
  const { budget, make, sums } = budgetOf();
  await make({ id: 'a', state: 'running', usage: { usdSpent: 0.2 } });
  await make({ id: 'b', state: 'running', usage: { usdSpent: 0.2 } });
  for (let count = 0; count < 3; count += 1) budget.see({ id: 'a', state: 'failed' });
  expect(sums()).toEqual({ usd: 0.2, reservedUsd: 0, creates: 1 });
});

test('a failure that was billed counts as what it cost', async () => {
  const { budget, make, sums } = budgetOf();
  await make({ id: 'a', state: 'running' });
  budget.see({ id: 'a', state: 'failed', usage: { usdSpent: 0.05 } });
  expect(sums()).toEqual({ usd: 0.05, reservedUsd: 0, creates: 1 });
});

test('a finished video that failed later, by another answer, stays paid', async () => {
  const { budget, make, sums } = budgetOf();
  await make({ id: 'a', state: 'running', usage: { usdSpent: 0.2 } });
  budget.see({ id: 'a', state: 'done', usage: { usdSpent: 0.2 } });
  budget.see({ id: 'a', state: 'failed' });
  expect(sums()).toEqual({ usd: 0.2, reservedUsd: 0, creates: 1 });
});

test('the cost that the create told stands while the job runs', async () => {
  const { budget, make, sums } = budgetOf();
  await make({ id: 'a', state: 'running', usage: { usdSpent: 0.2 } });
  budget.see({ id: 'a', state: 'running', usage: { usdSpent: 0.001 } });
  expect(sums().usd).toBe(0.2);
});

test('a video that the create calls failed is free, and an image that cost nothing is settled', async () => {
  const { make, sums } = budgetOf();
  await make({ id: 'a', state: 'failed' });
  expect(sums()).toEqual(none);
  await make({ images: [{}], usage: { usdSpent: 0 } }, 'image');
  expect(sums()).toEqual({ usd: 0, reservedUsd: 0, creates: 1 });
});

test('an image has no job: that another thing has its id tells nothing of it', async () => {
  const { budget, make, sums } = budgetOf();
  await make({ id: 'a', state: 'failed', images: [{}] }, 'image');
  expect(sums()).toEqual(open);
  budget.see({ id: 'a', state: 'failed' });
  expect(sums()).toEqual(open);
});

test('a create that is settled is not settled again by a row of its client request id', async () => {
  const { budget, make, sums } = budgetOf();
  await make({ images: [{}], usage: { usdSpent: 0.2 } }, 'image', 'own');
  budget.see({ clientRequestId: 'own', id: 'other', state: 'done', usage: { usdSpent: 0.9 } });
  expect(sums().usd).toBe(0.2);
});

test('a video without an id is found by its client request id', async () => {
  const { budget, make, sums } = budgetOf();
  await make({}, 'video', 'own');
  budget.see({ clientRequestId: 'own', id: 'a', state: 'running' });
  budget.see({ id: 'a', state: 'done', usage: { usdSpent: 0.2 } });
  expect(sums()).toEqual({ usd: 0.2, reservedUsd: 0, creates: 1 });
});

test('a row without an id settles its own create, and no other', async () => {
  const { budget, lose, sums } = budgetOf();
  await lose('own');
  budget.see({ clientRequestId: 'own', state: 'done' });
  budget.see({ clientRequestId: 'of another client', state: 'done', usage: { usdSpent: 0.9 } });
  expect(sums()).toEqual(open);
});

test('refuses in the words of what was asked for', async () => {
  const { make } = budgetOf(0.05);
  await expect(make({})).rejects.toThrow('Cannot start the video with m: it costs $0.1 ($0.1 per request)');
  await expect(make({}, 'image')).rejects.toThrow('Cannot make the image with m');
});

test('forgets the oldest of 10,000 open creates, which then counts as paid', async () => {
  const { budget, make, sums } = budgetOf();
  for (let id = 1; id <= 10_000; id += 1) await make({ id: `${id}`, usage: { usdSpent: 0.1 } });
  budget.see({ id: '1', state: 'failed' });
  expect(sums().creates).toBe(9_999);
  await make({ id: 'one more', usage: { usdSpent: 0.1 } });
  await make({ id: 'another', usage: { usdSpent: 0.1 } });
  budget.see({ id: '2', state: 'failed' });
  expect(sums().creates).toBe(10_001);
  budget.see({ id: '3', state: 'failed' });
  expect(sums().creates).toBe(10_000);
});
