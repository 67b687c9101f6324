import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { readBaseUrl } from '../../src/base/base-url.js';
import { checkHeaders } from '../../src/base/headers.js';
import { readKey as readNow } from '../../src/base/key.js';
import { checkPositiveMs, checkRetries } from '../../src/base/options.js';
import { type ClientOptions, createWan } from '../../src/index.js';
import { createVtrix } from '../../src/vtrix.js';

// a key that is there is given at once, one of a function as a promise
const readKey = async (...given: Parameters<typeof readNow>) => readNow(...given);

const names = ['AIMLAPI_API_KEY', 'AIML_API_KEY', 'AIMLAPI_KEY'];
const defaults = {
  keyNames: names,
  baseUrlName: 'AIMLAPI_BASE_URL',
  baseUrl: 'https://api.aimlapi.com',
  factory: 'createWan',
};

beforeEach(() => {
  for (const name of [...names, defaults.baseUrlName]) vi.stubEnv(name, undefined);
});

const fetchNothing = () => Promise.reject(new Error('nothing may be sent'));

/** The error of a call, sync or async, as text: its message and its stack. */
async function errorOf(call: () => unknown): Promise<Error> {
  try {
    await call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('readKey()', () => {
  test('readKey() takes the option first, then the three variables in turn', async () => {
    vi.stubEnv('AIMLAPI_KEY', 'third');
    await expect(readKey(undefined, defaults)).resolves.toBe('third');
    vi.stubEnv('AIML_API_KEY', 'second');
    await expect(readKey(undefined, defaults)).resolves.toBe('second');
    vi.stubEnv('AIMLAPI_API_KEY', 'first');
    await expect(readKey(undefined, defaults)).resolves.toBe('first');
    await expect(readKey('own', defaults)).resolves.toBe('own');
  });

  test.each(['', ' ', '\n'])('readKey() passes over a variable that holds %j', async (empty) => {
    vi.stubEnv('AIMLAPI_API_KEY', empty);
    vi.stubEnv('AIML_API_KEY', 'second');
    await expect(readKey(undefined, defaults)).resolves.toBe('second');
  });

  test.each([' sk-1', 'sk-1\n', '\r\n\tsk-1 \r\n', 'sk-1\u00a0', '\ufeffsk-1'])(
    'readKey() trims %j',
    async (key) => {
      await expect(readKey(key, defaults)).resolves.toBe('sk-1');
      vi.stubEnv('AIMLAPI_API_KEY', key);
      await expect(readKey(undefined, defaults)).resolves.toBe('sk-1');
    },
  );

  test('readKey() takes any printable ASCII', async () => {
    const key = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 0x21 + index));
    await expect(readKey(key, defaults)).resolves.toBe(key);
  });

  test.each([
    'sk-hunter2\nx',
    'sk-hunter2\r\nx',
    'sk-hunter2 x',
    'sk-hunter2…',
    'sk-hunter2é',
    'sk-hunter2\u0000',
    'sk-hunter2\u007f',
  ])('readKey() refuses %j without quoting it', async (key) => {
    for (const option of [key, () => key, async () => key]) {
      const error = await errorOf(() => readKey(option, defaults));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^Cannot use the API key: /);
      expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('hunter2');
    }
  });

  test.each([
    ['"sk-hunter2"', 'it stands in quotes'],
    ["'sk-hunter2'", 'it stands in quotes'],
    ['sk-hunter2"', 'it stands in quotes'],
    ['\u201csk-hunter2\u201d', 'it stands in quotes'],
    ['AIMLAPI_API_KEY=sk-hunter2', 'it begins with a name and "="'],
    ['export KEY = "hunter2', 'it begins with a name and "="'],
    ['Bearer sk-hunter2', 'it begins with "Bearer"'],
    ['<hunter2>', 'it is a placeholder'],
    ['$' + '{hunter2}', 'it is a placeholder'],
    ['$hunter2', 'it is a placeholder'],
    ['{{ hunter2 }}', 'it is a placeholder'],
    ['%hunter2%', 'it is a placeholder'],
    ['YOUR_AIML_API_KEY', 'it is a placeholder'],
    ['undefined', 'it is a word that stands for a missing value'],
    ['[object Promise]', 'it is a placeholder'],
    ['https://hunter2.example', 'it is a URL'],
  ])('readKey() tells what is wrong with %j', async (key, told) => {
    const error = await errorOf(() => readKey(key, defaults));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(`Cannot use the API key: ${told}`);
    expect(error.message).not.toContain('hunter2');
  });

  test('readKey() takes a key that ends in =, as base64 does', async () => {
    await expect(readKey('c2stMQ==', defaults)).resolves.toBe('c2stMQ==');
  });

  test('readKey() refuses what is no text, such as a Promise', async () => {
    for (const apiKey of [Promise.resolve('hunter2'), 5, { key: 'hunter2' }]) {
      const wan = createWan({ fetch: fetchNothing, apiKey: apiKey as never });
      const error = await errorOf(() => wan.getVideo('a'));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^Cannot use the API key: it takes a text, or a function that gives one/);
    }
  });

  test.each([undefined, '', '  ', () => '', async () => '\n'])(
    'readKey() names the variables when %o gives no key',
    async (option) => {
      const error = await errorOf(() => readKey(option, defaults));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^Cannot call the API: there is no key\./);
      for (const name of names) expect(error.message).toContain(name);
      expect(error.message).toContain('createWan({ apiKey })');
    },
  );

  test('readKey() calls a function each time, sync or async', async () => {
    const keys = ['sk-1', 'sk-2\n', 'sk-3'];
    const sync = vi.fn(() => keys[sync.mock.calls.length - 1] ?? '');
    await expect(readKey(sync, defaults)).resolves.toBe('sk-1');
    await expect(readKey(sync, defaults)).resolves.toBe('sk-2');
    await expect(readKey(async () => ' sk-3 ', defaults)).resolves.toBe('sk-3');
    expect(sync).toHaveBeenCalledTimes(2);
  });

  test('readKey() prefers a function to the environment', async () => {
    vi.stubEnv('AIMLAPI_API_KEY', 'first');
    await expect(readKey(() => 'own', defaults)).resolves.toBe('own');
  });

  test('readKey() passes on what a function throws, as the cause', async () => {
    const reason = new TypeError('the vault is closed');
    for (const option of [
      () => {
        throw reason;
      },
      () => Promise.reject(reason),
    ]) {
      const error = await errorOf(() => readKey(option, defaults));
      expect(error).not.toBeInstanceOf(TypeError);
      expect(error.cause).toBe(reason);
    }
  });
});

describe('an environment that may not be read', () => {
  test.each(['throws, as in Deno', 'is none'])('that %s holds no key and no base URL', (kind) => {
    const { env } = process;
    onTestFinished(() => void Object.assign(process, { env }));
    const get = () => {
      throw new Error('NotCapable: Requires env access');
    };
    Object.assign(process, { env: kind === 'is none' ? undefined : new Proxy({}, { get }) });
    expect(readBaseUrl(undefined, defaults)).toBe('https://api.aimlapi.com');
    expect(() => readNow(undefined, defaults)).toThrow(/^Cannot call the API: there is no key\./);
    expect(readNow('k', defaults)).toBe('k');
  });
});

describe('readBaseUrl()', () => {
  test('readBaseUrl() takes the option first, then the variable, then the API', () => {
    expect(readBaseUrl(undefined, defaults)).toBe('https://api.aimlapi.com');
    vi.stubEnv('AIMLAPI_BASE_URL', ' ');
    expect(readBaseUrl(undefined, defaults)).toBe('https://api.aimlapi.com');
    vi.stubEnv('AIMLAPI_BASE_URL', 'http://proxy.example/v2\n');
    expect(readBaseUrl(undefined, defaults)).toBe('http://proxy.example');
    expect(readBaseUrl('http://own.example', defaults)).toBe('http://own.example');
  });

  test.each([
    ['https://api.aimlapi.com', 'https://api.aimlapi.com'],
    ['https://api.aimlapi.com/', 'https://api.aimlapi.com'],
    ['https://api.aimlapi.com///', 'https://api.aimlapi.com'],
    ['https://api.aimlapi.com/v1', 'https://api.aimlapi.com'],
    ['https://api.aimlapi.com/v2', 'https://api.aimlapi.com'],
    ['https://api.aimlapi.com/v1/', 'https://api.aimlapi.com'],
    ['https://api.aimlapi.com/v3', 'https://api.aimlapi.com/v3'],
    ['https://api.aimlapi.com/v22', 'https://api.aimlapi.com/v22'],
    [' HTTPS://API.AIMLAPI.COM:443/v1 ', 'https://api.aimlapi.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080/v2', 'http://[::1]:8080'],
    ['https://gateway.example/aimlapi/v2/', 'https://gateway.example/aimlapi'],
    [new URL('https://gateway.example/aimlapi/v1/'), 'https://gateway.example/aimlapi'],
    ['https://api.aimlapi.com/V1', 'https://api.aimlapi.com'],
    ['https://api.aimlapi.com//v1/', 'https://api.aimlapi.com'],
    ['https://api.aimlapi.com/v2//', 'https://api.aimlapi.com'],
    ['https://gateway.example/v1/team/wan', 'https://gateway.example/v1/team/wan'],
    ['https://gateway.example/team//wan//V2', 'https://gateway.example/team//wan'],
  ])('readBaseUrl() makes of %s %s', (given, expected) => {
    expect(readBaseUrl(given, defaults)).toBe(expected);
  });

  test.each([
    '',
    'garbage-s3cret',
    'api.aimlapi.com/s3cret',
    'localhost:8080/s3cret',
    'ftp://s3cret.example',
    'file:///s3cret',
    'https://',
    'https://s3cret example.com',
    'https://me:s3cret@api.aimlapi.com',
    'https://s3cret@api.aimlapi.com',
    'https://api.aimlapi.com?key=s3cret',
    'https://api.aimlapi.com/#s3cret',
  ])('readBaseUrl() refuses %j without quoting it', async (given) => {
    const error = await errorOf(() => readBaseUrl(given, defaults));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^Cannot use baseUrl: /);
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('s3cret');
    expect(error.cause).toBeUndefined();
  });

  test.each([
    ['https://api.aimlapi.com/v1/images/generations', '/images/generations'],
    ['https://api.aimlapi.com/v1/images/generations/', '/images/generations/'],
    ['https://api.aimlapi.com/v2/video/generations?generation_id=s3cret', '/video/generations'],
    ['https://api.aimlapi.com/v2/generate/video/alibaba/generation', '/generate/video/alibaba/generation'],
    ['https://gateway.example/team/V1//chat/completions', '/chat/completions'],
    ['https://api.aimlapi.com/v1/models', '/models'],
  ])('readBaseUrl() says which part of the endpoint %s to take off', (given, part) => {
    expect(() => readBaseUrl(given, defaults)).toThrow(
      `Cannot use baseUrl: it is a whole endpoint: take "${part}" off`,
    );
  });

  test.each([
    'api.aimlapi.com',
    'api.aimlapi.com/v1',
    '//api.aimlapi.com',
    'localhost:3000',
    '127.0.0.1:80',
    '[::1]:80',
  ])('readBaseUrl() tells that %s has no scheme', (given) => {
    expect(() => readBaseUrl(given, defaults)).toThrow(
      'Cannot use baseUrl: it has no scheme: put "https://" before it.',
    );
  });

  test('readBaseUrl() names the variable when that is at fault', () => {
    vi.stubEnv('AIMLAPI_BASE_URL', 'https://me:s3cret@api.aimlapi.com');
    expect(() => readBaseUrl(undefined, defaults)).toThrow(
      /^Cannot use AIMLAPI_BASE_URL: it takes .* without user/,
    );
    vi.stubEnv('AIMLAPI_BASE_URL', 'garbage');
    expect(() => readBaseUrl(undefined, defaults)).toThrow(/^Cannot use AIMLAPI_BASE_URL: it takes an http/);
  });
});

describe('checkHeaders({})', () => {
  test('checkHeaders({}) gives names in lower case and leaves out what is undefined', () => {
    const headers: Record<string, string> = JSON.parse('{"X-Team":"wan","x-empty":""}');
    expect(checkHeaders(Object.assign(headers, { 'x-none': undefined }))).toEqual({
      'x-team': 'wan',
      'x-empty': '',
    });
    expect(checkHeaders({})).toEqual({});
  });

  test.each([
    ['x-team', 's3cret\nx: y'],
    ['x-team', 's3cret\r\nx: y'],
    ['x-team', 's3cret\u0000'],
    ['x-team', 's3cret 龍'],
  ])('checkHeaders({}) refuses %s: %j without quoting the value', async (name, value) => {
    const error = await errorOf(() => checkHeaders({ [name]: value }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe('Cannot use the header "x-team": HTTP takes no such name or value.');
    expect(`${error.stack}`).not.toContain('s3cret');
    expect(error.cause).toBeUndefined();
  });

  test.each(['', 'x team', 'x\nteam', 'x:team', 'é'])('checkHeaders({}) refuses the name %j', (name) => {
    expect(() => checkHeaders({ [name]: 'wan' })).toThrow(TypeError);
  });
});

describe('ranges', () => {
  test.each([undefined, 0.5, 1, 180_000, 2 ** 31, Number.POSITIVE_INFINITY])(
    'checkPositiveMs() takes %s',
    (value) => {
      expect(() => checkPositiveMs('timeoutMs', value)).not.toThrow();
    },
  );

  test.each([0, -0, -1, Number.NaN, Number.NEGATIVE_INFINITY])(
    'checkPositiveMs() refuses %s by name',
    (value) => {
      expect(() => checkPositiveMs('timeoutMs', value)).toThrow(RangeError);
      expect(() => checkPositiveMs('timeoutMs', value)).toThrow(
        `Cannot use timeoutMs: it takes milliseconds above 0`,
      );
    },
  );

  test.each([undefined, 0, 1, 1000])('checkRetries() takes %s', (value) => {
    expect(() => checkRetries(value)).not.toThrow();
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('checkRetries() refuses %s', (value) => {
    expect(() => checkRetries(value)).toThrow(RangeError);
    expect(() => checkRetries(value)).toThrow('Cannot use maxRetries: it takes a whole number from 0');
  });

  test('createWan() checks its options at once, but for the key', async () => {
    expect(() => createWan({ timeoutMs: 0 })).toThrow(RangeError);
    expect(() => createWan({ maxRetries: -1 })).toThrow(RangeError);
    expect(() => createWan({ baseUrl: 'garbage' })).toThrow(TypeError);
    expect(() => createWan({ headers: { 'x team': 'wan' } })).toThrow(TypeError);
    const fetch = vi.fn(() => Promise.reject(new Error('nothing may be sent')));
    const call = createWan({ fetch }).generateImage({ model: 'wan2.2-t2i-plus', prompt: 'a cat' });
    await expect(call).rejects.toThrow(/there is no key.*AIMLAPI_API_KEY/);
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe('functions', () => {
  test.each([
    [5, '5'],
    [null, 'null'],
    [true, 'true'],
    [{}, 'an object'],
    [[], 'Array'],
    [Promise.resolve(), 'Promise'],
    ['sk-5ecret', 'a text'],
  ])('fetch and onAttempt are refused at once where they are %j', (value, shown) => {
    for (const name of ['fetch', 'onAttempt']) {
      const options: ClientOptions = JSON.parse('{}');
      Object.assign(options, { [name]: value });
      for (const create of [createWan, createVtrix]) {
        expect(() => create(options)).toThrow(TypeError);
        expect(() => create(options)).toThrow(`Cannot use ${name}: it takes a function, not ${shown}.`);
        expect(() => create({ ...options, [name]: undefined })).not.toThrow();
      }
    }
  });
});
