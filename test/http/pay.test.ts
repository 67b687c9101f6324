import { describe, expect, test, vi } from 'vitest';
import {
  type AroundCreate,
  type Create,
  createWan,
  mayHaveBeenPaid,
  OutcomeUnknownError,
} from '../../src/index.js';
import { createFakeApi, type Fault } from '../../src/testing.js';
import { createVtrix } from '../../src/vtrix.js';

const text = { model: 'wan2.2-t2v-plus', prompt: 'x' } as const;
const picture = { model: 'wan2.2-t2i-plus', prompt: 'x' } as const;

function clientWith(aroundCreate?: AroundCreate | AroundCreate[], fault?: Fault) {
  const api = createFakeApi({ videoSeconds: 0 });
  if (fault) api.fault(fault);
  const wan = createWan({ apiKey: 'key-of-a-test', fetch: api.fetch, maxRetries: 1, aroundCreate });
  return { api, wan };
}

const endOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'made',
    (error: unknown) => error,
  );

describe('aroundCreate', () => {
  test('runs once around all attempts of a create, the first of a list outermost, and sees what goes out', async () => {
    const order: string[] = [];
    const seen: Create[] = [];
    const named =
      (name: string): AroundCreate =>
      async (create, send) => {
        order.push(`${name} begins`);
        seen.push(create);
        const made = await send();
        order.push(`${name} ends`);
        return made;
      };
    const { api, wan } = clientWith([named('outer'), named('inner')], {
      kind: 'error',
      on: 'video',
      status: 503,
    });
    const job = await wan.generateVideo(text, { clientRequestId: 'own' });
    expect(order).toEqual(['outer begins', 'inner begins', 'inner ends', 'outer ends']);
    expect(seen[0]).toMatchObject({
      kind: 'video',
      model: 'alibaba/wan2.2-t2v-plus',
      body: { model: 'alibaba/wan2.2-t2v-plus', prompt: 'x' },
      clientRequestId: 'own',
      startedAt: expect.stringContaining('T'),
    });
    expect(job.clientRequestId).toBe('own');
    expect(api.generations).toBe(1);
  });

  test.each([
    ['generateImage', (wan: ReturnType<typeof createWan>) => wan.generateImage(picture), 'image'],
    ['generateVideo', (wan: ReturnType<typeof createWan>) => wan.generateVideo(text), 'video'],
    [
      'generateImageUnchecked',
      (wan: ReturnType<typeof createWan>) =>
        wan.generateImageUnchecked({ ...picture, model: 'alibaba/wan2.2-t2i-plus' }),
      'image',
    ],
    [
      'generateVideoUnchecked',
      (wan: ReturnType<typeof createWan>) =>
        wan.generateVideoUnchecked({ ...text, model: 'alibaba/wan2.2-t2v-plus' }),
      'video',
    ],
  ])('runs around %s', async (_, call, kind) => {
    const around = vi.fn((_: Create, send: () => Promise<unknown>) => send());
    const { wan } = clientWith(around as never);
    await call(wan);
    expect(around).toHaveBeenCalledOnce();
    expect(around.mock.calls[0]?.[0]).toMatchObject({ kind });
  });

  test('runs around the creates of Vtrix', async () => {
    const api = createFakeApi();
    const around = vi.fn((_: Create, send: () => Promise<unknown>) => send());
    const vtrix = createVtrix({ apiKey: 'key-of-a-test', fetch: api.fetch, aroundCreate: around as never });
    await vtrix.generateVideo({ model: 'wan22_t2v_plus', input: { prompt: 'x' } });
    expect(around).toHaveBeenCalledOnce();
  });

  test('does not run for an input that does not fit, nor for status checks', async () => {
    const around = vi.fn((_: Create, send: () => Promise<unknown>) => send());
    const { wan } = clientWith(around as never);
    await endOf(wan.generateImage({ ...picture, prompt: '' }));
    expect(around).not.toHaveBeenCalled();
    await wan.getVideo(await wan.generateVideo(text));
    expect(around).toHaveBeenCalledOnce();
  });

  test('may refuse: what it throws reaches the caller as it is, and nothing is sent', async () => {
    const refusal = { reason: 'over budget' };
    for (const around of [
      async () => Promise.reject(refusal),
      () => {
        throw refusal;
      },
    ]) {
      const { api, wan } = clientWith(around);
      expect(await endOf(wan.generateVideo(text))).toBe(refusal);
      expect(api.requests).toEqual([]);
      expect(mayHaveBeenPaid(refusal)).toBe(false);
    }
  });

  test('may give a result of its own, and nothing is sent', async () => {
    const { wan, api } = clientWith();
    const made = await wan.generateImage(picture);
    const cached = createWan({
      apiKey: 'key-of-a-test',
      fetch: api.fetch,
      aroundCreate: async () => made as never,
    });
    expect(await cached.generateImage(picture)).toBe(made);
    expect(api.generations).toBe(1);
  });

  test('may forget to await send(): the call tells why that rejected, and the process goes on', async () => {
    const around = async (_: Create, send: () => Promise<unknown>) => void send();
    const { wan } = clientWith(around as never, { kind: 'reset', on: 'video', accepted: true });
    // an unhandled rejection would fail the run
    expect(await endOf(wan.generateVideo(text))).toBeInstanceOf(OutcomeUnknownError);
  });

  test('pays once where it calls send() twice, at once or one after the other', async () => {
    const twice: AroundCreate = async (_, send) => {
      const made = await send();
      await expect(send()).rejects.toThrow('send() was called twice');
      return made;
    };
    const atOnce: AroundCreate = async (_, send) => {
      const [first, second] = await Promise.allSettled([send(), send()]);
      expect(second.status).toBe('rejected');
      if (first.status === 'rejected') throw first.reason;
      return first.value;
    };
    for (const around of [twice, atOnce]) {
      const { api, wan } = clientWith(around);
      await wan.generateVideo(text);
      expect(api.generations).toBe(1);
    }
  });

  test('cannot send after the call has ended', async () => {
    let late: (() => Promise<unknown>) | undefined;
    const { api, wan } = clientWith(async (_, send) => {
      late = send;
      throw new Error('no');
    });
    await endOf(wan.generateVideo(text));
    await expect(late?.()).rejects.toThrow('after the call had ended');
    expect(api.requests).toEqual([]);
  });

  test('loses no result: where it forgets to return it, and where it throws after it', async () => {
    const { api, wan } = clientWith((async (_: Create, send: () => Promise<unknown>) => {
      await send();
    }) as never);
    expect(await wan.generateVideo(text)).toMatchObject({ state: expect.any(String) });
    const cause = new Error('the journal is full');
    const broken = createWan({
      apiKey: 'key-of-a-test',
      fetch: api.fetch,
      aroundCreate: async (_, send) => {
        await send();
        throw cause;
      },
    });
    const error = await endOf(broken.generateVideo(text, { clientRequestId: 'find-me' }));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ clientRequestId: 'find-me', inferenceId: expect.any(String), cause });
    const { body, inferenceId } = error as OutcomeUnknownError;
    expect(JSON.parse(body ?? '')).toMatchObject({ id: inferenceId });
    expect(mayHaveBeenPaid(error)).toBe(true);
    expect(await wan.recoverVideo(error as OutcomeUnknownError, { maxWaitMs: 0 })).toBeDefined();
  });

  test.each<[string, (send: () => Promise<unknown>) => unknown]>([
    ['a count of rows', async (send) => (await send()) && 1],
    ['null', async (send) => (await send()) && null],
    ['nothing, without waiting', (send) => void send()],
  ])('loses no result where it gives %s', async (_, around) => {
    const given = ((__: Create, send: () => Promise<unknown>) => around(send)) as never;
    const { api, wan } = clientWith(given);
    expect(await wan.generateVideo(text)).toMatchObject({ provider: 'aimlapi', id: expect.any(String) });
    expect(api.generations).toBe(1);
  });

  test('hides no error where it gives nothing, and says so where it never sends', async () => {
    const swallows = (async (_: Create, send: () => Promise<unknown>) => {
      await send().catch(() => {});
    }) as never;
    const { api, wan } = clientWith(swallows);
    api.fault({ kind: 'reset', on: 'video', accepted: true });
    const lost = await endOf(wan.generateVideo(text));
    expect(lost).toBeInstanceOf(OutcomeUnknownError);
    expect(mayHaveBeenPaid(lost)).toBe(true);
    const idle = clientWith((async () => {}) as never);
    const unsent = await endOf(idle.wan.generateVideo(text));
    expect(unsent).toBeInstanceOf(TypeError);
    expect(String(unsent)).toContain('aroundCreate gave undefined and never called send(). Nothing was sent');
    expect(mayHaveBeenPaid(unsent)).toBe(false);
    expect(idle.api.requests).toEqual([]);
  });

  test('keeps a body that is nested too deep to be parsed as the text that it was', async () => {
    const deep = `{"id":"paid-1","status":"queued","note":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const wan = createWan({
      apiKey: 'key-of-a-test',
      fetch: async () => new Response(deep),
      aroundCreate: async (_, send) => {
        await send();
        throw new Error('the journal is full');
      },
    });
    const { body } = (await endOf(wan.generateVideo(text))) as OutcomeUnknownError;
    expect(body).toBe(deep);
  });

  test('may give something else than what was made', async () => {
    const instead = { id: 'wrapped' };
    const { api, wan } = clientWith((async (_: Create, send: () => Promise<unknown>) => {
      await send();
      return instead;
    }) as never);
    expect(await wan.generateVideo(text)).toBe(instead);
    expect(api.generations).toBe(1);
  });

  test('tells when the create was sent, not when it began to wait for its turn', async () => {
    let sentAtMs = 0;
    const { wan } = clientWith(async (_, send) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      sentAtMs = Date.now();
      await send();
      throw new Error('too late');
    });
    const { startedAt } = (await endOf(wan.generateVideo(text))) as OutcomeUnknownError;
    // the log is searched around this time
    expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(sentAtMs);
  });

  test('passes on what send() rejects with', async () => {
    const { wan } = clientWith((_, send) => send(), { kind: 'error', on: 'video', status: 400 });
    expect(await endOf(wan.generateVideo(text))).toMatchObject({ name: 'ApiError', status: 400 });
  });

  test('never begins where the signal had aborted, and an abort while it runs ends the call at once', async () => {
    const reason = new Error('enough');
    const around = vi.fn((_: Create, send: () => Promise<unknown>) =>
      new Promise((resolve) => setTimeout(resolve, 60_000)).then(send),
    );
    const { api, wan } = clientWith(around as never);
    expect(await endOf(wan.generateVideo(text, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(around).not.toHaveBeenCalled();
    let send: (() => Promise<unknown>) | undefined;
    const controller = new AbortController();
    const waiting = createWan({
      apiKey: 'key-of-a-test',
      fetch: api.fetch,
      aroundCreate: (_, given) => {
        send = given;
        return new Promise(() => {});
      },
    });
    const call = endOf(waiting.generateVideo(text, { signal: controller.signal }));
    await vi.waitFor(() => expect(send).toBeDefined());
    controller.abort(reason);
    expect(await call).toBe(reason);
    await expect(send?.()).rejects.toBe(reason);
    expect(api.requests).toEqual([]);
    expect(mayHaveBeenPaid(reason)).toBe(false);
  });

  test('an abort after the create was made ends the call with the reason, which may have been paid for', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const { api, wan } = clientWith(async (_, send) => {
      await send();
      controller.abort(reason);
      return new Promise(() => {});
    });
    expect(await endOf(wan.generateVideo(text, { signal: controller.signal }))).toBe(reason);
    expect(mayHaveBeenPaid(reason)).toBe(true);
    expect(api.generations).toBe(1);
  });

  test.each([5, null, 'x', {}, [5], [undefined]])('%j in its place is a TypeError', (aroundCreate) => {
    expect(() => createWan({ aroundCreate: aroundCreate as never })).toThrow(
      'Cannot use aroundCreate: it takes a function',
    );
  });
});

describe('mayHaveBeenPaid()', () => {
  test.each([
    [false, { kind: 'error', on: 'video', status: 400 }],
    [true, { kind: 'reset', on: 'video', accepted: true }],
  ] as const)('is %s within aroundCreate already, where send() rejected', async (expected, fault) => {
    const told: boolean[] = [];
    const { wan } = clientWith(async (_, send) => {
      return send().catch((error) => {
        told.push(mayHaveBeenPaid(error));
        throw error;
      });
    }, fault);
    await endOf(wan.generateVideo(text));
    expect(told).toEqual([expected]);
  });

  const own = (status: number): Fault => ({ kind: 'error', on: 'video', status, times: 9 });
  const dns = () =>
    Promise.reject(
      Object.assign(new TypeError('fetch failed'), { cause: { syscall: 'getaddrinfo', code: 'ENOTFOUND' } }),
    );
  const reset = () =>
    Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }));

  test.each([
    ['400 in its own words', own(400), false],
    ['401 in its own words', own(401), false],
    ['429', own(429), false],
    ['500 in its own words', own(500), false],
    ['503 in its own words', own(503), false],
  ])('is %s: %s', async (_, fault, expected) => {
    const { api, wan } = clientWith(undefined, fault);
    const error = await endOf(wan.generateVideo(text));
    expect(error).toBeInstanceOf(Error);
    expect(mayHaveBeenPaid(error)).toBe(expected);
    expect(api.generations).toBe(0);
  });

  test.each([
    ['a name that is not found', dns, false],
    ['a connection that broke', reset, true],
    ['a page of a proxy with 502', async () => new Response('<html>', { status: 502 }), true],
    ['a page of a proxy with 403', async () => new Response('<html>', { status: 403 }), true],
    ['a redirect', async () => new Response(null, { status: 302, headers: { location: '/x' } }), true],
    ['a success without an id', async () => Response.json({}), true],
    ['a success that is no JSON', async () => new Response('ok'), true],
  ])('after %s', async (_, fetch, expected) => {
    const wan = createWan({ apiKey: 'key-of-a-test', fetch, maxRetries: 0 });
    expect(mayHaveBeenPaid(await endOf(wan.generateVideo(text)))).toBe(expected);
  });

  test('is false for an input that does not fit, a missing key and an unknown option', async () => {
    const { wan } = clientWith();
    expect(mayHaveBeenPaid(await endOf(wan.generateImage({ ...picture, prompt: '' })))).toBe(false);
    expect(mayHaveBeenPaid(await endOf(wan.generateVideo(text, { timeout: 5 } as never)))).toBe(false);
    const keyless = createWan({ apiKey: '', fetch: reset });
    expect(mayHaveBeenPaid(await endOf(keyless.generateVideo(text)))).toBe(false);
  });

  test('is true for what no create ended with', () => {
    for (const value of [undefined, null, 'reason', 5, new Error('x'), {}])
      expect(mayHaveBeenPaid(value)).toBe(true);
  });

  test('is true for the reason of an abort that ended a status check: what it did to a create is not known', async () => {
    const reason = new Error('enough');
    const { wan } = clientWith();
    expect(await endOf(wan.getVideo('j', { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(mayHaveBeenPaid(reason)).toBe(true);
  });

  test('is true where aroundCreate gives up while the create still waits for its key: it is sent later', async () => {
    let giveKey: ((key: string) => void) | undefined;
    const api = createFakeApi();
    const wan = createWan({
      apiKey: () =>
        new Promise((resolve) => {
          giveKey = resolve;
        }),
      fetch: api.fetch,
      aroundCreate: async (_, send) => {
        void send();
        await vi.waitFor(() => expect(giveKey).toBeDefined());
        throw new Error('too slow');
      },
    });
    expect(mayHaveBeenPaid(await endOf(wan.generateVideo(text)))).toBe(true);
    giveKey?.('key-of-a-test');
    await vi.waitFor(() => expect(api.generations).toBe(1));
  });

  test('is false after an abort while the create still waits for its key: it is never sent', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const api = createFakeApi();
    const wan = createWan({
      apiKey: () => {
        setTimeout(() => controller.abort(reason));
        return new Promise(() => {});
      },
      fetch: api.fetch,
    });
    expect(await endOf(wan.generateVideo(text, { signal: controller.signal }))).toBe(reason);
    expect(mayHaveBeenPaid(reason)).toBe(false);
    expect(api.requests).toEqual([]);
  });

  test('is false after an abort in a pause between two attempts that the API had refused', async () => {
    const api = createFakeApi();
    api.fault({ kind: 'error', on: 'video', status: 503, times: 9 });
    const controller = new AbortController();
    const reason = new Error('enough');
    const wan = createWan({
      apiKey: 'key-of-a-test',
      fetch: api.fetch,
      onAttempt: () => queueMicrotask(() => controller.abort(reason)),
    });
    expect(await endOf(wan.generateVideo(text, { signal: controller.signal }))).toBe(reason);
    expect(mayHaveBeenPaid(reason)).toBe(false);
  });

  test('is true after an abort in flight, and stays so for the same reason elsewhere', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const pending = createWan({
      apiKey: 'key-of-a-test',
      fetch: () => {
        queueMicrotask(() => controller.abort(reason));
        return new Promise(() => {});
      },
    });
    expect(await endOf(pending.generateVideo(text, { signal: controller.signal }))).toBe(reason);
    expect(mayHaveBeenPaid(reason)).toBe(true);
    expect(await endOf(pending.generateVideo(text, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(mayHaveBeenPaid(reason)).toBe(true);
  });
});
