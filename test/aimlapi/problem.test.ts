import { describe, expect, test } from 'vitest';
import { readProblem } from '../../src/aimlapi/problem.js';
import { describeProblem } from '../../src/base/json.js';

const path = '/v2/video/generations';

function answerOf(status: number, body: unknown) {
  return { status, headers: new Headers(), text: JSON.stringify(body), body, raw: body, isTimeout: false };
}

function read(status: number, body: unknown) {
  return readProblem(answerOf(status, body), path);
}

/** The error body of today, as a probe recorded it on 2026-08-30. */
const current = {
  title: 'Forbidden',
  status: 403,
  message: 'Forbidden resource',
  instance: `${path}?`,
  timestamp: '2026-08-30T10:00:00.000Z',
  requestId: 'b2c7',
  error: { name: 'ForbiddenException', message: 'Forbidden resource' },
};

/** The one before that. */
const legacy = {
  requestId: 'b2c7',
  statusCode: 401,
  timestamp: '2025-12-03T10:00:00.000Z',
  path,
  message: 'This request requires a valid API key',
};

describe('fromApi', () => {
  test.each([
    ['problem+json with the bare path', 403, { ...current, instance: path }],
    ['problem+json with an empty query', 403, current],
    ['problem+json with a query', 403, { ...current, instance: `${path}?generation_id=a%3Ab` }],
    ['the older form', 401, legacy],
    ['the older form with statusCode as a string', 401, { ...legacy, statusCode: '401' }],
    ['the older form with a query', 401, { ...legacy, path: `${path}?generation_id=1` }],
  ])('readProblem() takes %s for the API', (_, status, body) => {
    expect(read(status, body).fromApi).toBe(true);
  });

  test.each([
    ['no JSON', 502, undefined],
    ['a JSON text', 502, 'Bad gateway'],
    ['a list', 502, [current]],
    ['null', 502, null],
    ['an empty object', 502, {}],
    ['the instance of another path', 403, { ...current, instance: '/v1/images/generations?' }],
    ['an instance below the path', 403, { ...current, instance: `${path}/1` }],
    ['no instance', 403, { ...current, instance: undefined }],
    ['an instance that is no text', 403, { ...current, instance: [path] }],
    ['no error', 403, { ...current, error: undefined }],
    ['an error without a name', 403, { ...current, error: { message: 'Forbidden' } }],
    ['an error that is a text', 403, { ...current, error: 'ForbiddenException' }],
    ['another statusCode', 502, legacy],
    ['no statusCode', 401, { ...legacy, statusCode: undefined }],
    ['no path', 401, { ...legacy, path: undefined }],
    ['the path of another request', 401, { ...legacy, path: '/v1/models' }],
    [
      "Cloudflare's problem+json",
      524,
      {
        type: 'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-524/',
        title: 'Error 524: A timeout occurred',
        status: 524,
        detail: 'The origin web server timed out responding to this request.',
        instance: '9a1b2c3d4e5f6789',
        error_code: 524,
        error_name: 'origin_timeout',
        cloudflare_error: true,
      },
    ],
    ['a gateway', 503, { message: 'no healthy upstream', path, status: 503 }],
  ])('readProblem() does not take %s for the API', (_, status, body) => {
    expect(read(status, body).fromApi).toBe(false);
  });
});

describe('message and code', () => {
  test('readProblem() gives the words and the name of the current form', () => {
    expect(read(403, current)).toEqual({
      fromApi: true,
      message: 'Forbidden resource',
      code: 'ForbiddenException',
      outOfCredits: false,
    });
  });

  test('readProblem() gives the words of the older form', () => {
    expect(read(401, legacy)).toEqual({
      fromApi: true,
      message: 'This request requires a valid API key',
      code: undefined,
      outOfCredits: false,
    });
  });

  test('readProblem() joins a list of messages', () => {
    const message = ['prompt must be a string', 'model should not be empty'];
    expect(read(400, { ...legacy, statusCode: 400, message }).message).toBe(
      'prompt must be a string; model should not be empty',
    );
  });

  test('readProblem() adds the issues in error.data', () => {
    const issue = {
      received: '720P',
      code: 'invalid_enum_value',
      options: ['480P', '1080P'],
      path: ['resolution'],
      message: "Invalid enum value. Expected '480P' | '1080P', received '720P'",
    };
    const message = 'Invalid payload provided';
    const data = [issue, { code: 'invalid_type', path: ['image_size', 'width'], message: 'Required' }];
    const error = { name: 'BadRequestException', message, data };
    expect(read(400, { ...current, status: 400, title: 'Bad Request', message, error })).toMatchObject({
      fromApi: true,
      code: 'BadRequestException',
      message:
        "Invalid payload provided (resolution: Invalid enum value. Expected '480P' | '1080P', received '720P'; " +
        'image_size.width: Required)',
    });
  });

  test('readProblem() says the issues once when the message holds them already', () => {
    const data = [{ path: ['prompt'], message: 'Required' }];
    const error = { name: 'BadRequestException', message: 'Invalid: prompt: Required', data };
    expect(read(400, { ...current, error }).message).toBe('Invalid: prompt: Required');
  });

  test('readProblem() gives the issues alone when there is no message', () => {
    const body = { instance: path, error: { data: [{ path: ['prompt'], message: 'Required' }] } };
    expect(read(400, body).message).toBe('prompt: Required');
  });

  test.each([
    [
      'the kind',
      { error: { name: 'N', code: 'C', data: { kind: 'err_unverified_card' } } },
      'err_unverified_card',
    ],
    ["the error's code", { error: { name: 'N', code: 'C' } }, 'C'],
    ["the error's name", { error: { name: 'N' }, code: 'B' }, 'N'],
    ["the body's code", { code: 'B' }, 'B'],
    ['nothing', { error: 'text' }, undefined],
  ])('readProblem() takes the code from %s', (_, body, code) => {
    expect(read(403, body).code).toBe(code);
  });

  test.each([
    [{ error: { message: 'inner' }, message: 'outer', title: 'title' }, 'inner'],
    [{ error: {}, message: 'outer', title: 'title' }, 'outer'],
    [{ error: 'text', title: 'title' }, 'text'],
    [{ title: 'title' }, 'title'],
    [{}, undefined],
  ])('readProblem() of %j says %j', (body, message) => {
    expect(read(502, body).message).toBe(message);
  });
});

describe('outOfCredits', () => {
  test.each(['err_insufficent_credits', 'err_insufficient_credits', 'ERR_INSUFFICIENT_CREDITS'])(
    'readProblem() knows that there are no credits left by the kind %s',
    (kind) => {
      const error = { name: 'ForbiddenException', message: 'Forbidden', data: { kind } };
      expect(read(403, { ...current, error })).toMatchObject({ outOfCredits: true, code: kind });
    },
  );

  test.each([
    "You've run out of credits. Please top up your balance or update your payment method to continue",
    'Insufficient credits',
    'insufficient balance',
    'Insufficient funds on the account',
  ])('readProblem() knows that there are no credits left by the message %j', (message) => {
    expect(read(403, { ...legacy, statusCode: 403, message }).outOfCredits).toBe(true);
    expect(read(403, { ...current, error: { name: 'ForbiddenException', message } }).outOfCredits).toBe(true);
  });

  test.each([
    ['another kind', 403, { ...current, error: { name: 'N', data: { kind: 'err_unverified_card' } } }],
    ['another message', 403, current],
    ['another status', 400, { ...legacy, statusCode: 400, message: 'Insufficient credits' }],
  ])('readProblem() sees no lack of credits in %s', (_, status, body) => {
    expect(read(status, body).outOfCredits).toBe(false);
  });
});

describe('describeProblem()', () => {
  test.each([
    ['a text', 'it failed', 'it failed'],
    ['a text with spaces around it', '  it failed \n', 'it failed'],
    ['an empty text', ' ', undefined],
    ['null', null, undefined],
    ['undefined', undefined, undefined],
    ['an empty object', {}, undefined],
    ['an empty list', [], undefined],
    ['a number', 524, '524'],
    ['{ name, message }', { name: 'GenerationError', message: 'it failed' }, 'it failed'],
    ['a name alone', { name: 'GenerationError' }, 'GenerationError'],
    ['a code alone', { code: 'E1' }, 'E1'],
    ['an empty message', { name: 'GenerationError', message: '' }, 'GenerationError'],
    [
      'a message and a kind',
      { name: 'ForbiddenException', message: 'Verify your card', data: { kind: 'err_unverified_card' } },
      'Verify your card',
    ],
    [
      'a list of details',
      {
        detail: [{ loc: ['body', 'image_url'], msg: 'Could not load', type: 'image_load_error', input: {} }],
      },
      'body.image_url: Could not load',
    ],
    ['a detail in words', { detail: 'Not found' }, 'Not found'],
    ['a list of texts', ['one', '', 'two'], 'one; two'],
    [
      'a list of issues',
      [
        { path: ['seed'], message: 'Expected number' },
        { path: [], message: 'Bad' },
        { path: ['image_urls', 1], message: 'Invalid url' },
      ],
      'seed: Expected number; Bad; image_urls.1: Invalid url',
    ],
    ['an error in an error', { error: { message: 'it failed' } }, 'it failed'],
    ['error_message', { error_message: 'it failed' }, 'it failed'],
    ['a message of several parts', { message: ['one', 'two'] }, 'one; two'],
  ])('describeProblem() finds the words in %s', (_, error, expected) => {
    expect(describeProblem(error)).toBe(expected);
  });
});
