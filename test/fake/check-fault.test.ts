import { expect, test } from 'vitest';
import { createFakeApi, type Fault } from '../../src/testing.js';

const fault = (given: unknown) => createFakeApi().fault(given as Fault);
const kinds =
  '"answer", "error", "html", "rate-limit", "reset", "stall", "cut", "stall-body", "broken-json", "status", "no-video", "job-fails", "expired-link"';

test.each([
  [{ kind: 'resett' }, `kind takes ${kinds}, not "resett" (did you mean "reset"?)`],
  [{ kind: 'toString' }, `kind takes ${kinds}, not "toString"`],
  [{}, `kind takes ${kinds}, not undefined`],
  [{ kind: 'reset', on: 'videos' }, /^on takes "image", .*, not "videos" \(did you mean "video"\?\)$/],
  [{ kind: 'reset', on: null }, /^on takes .*, not null$/],
  [{ kind: 'reset', acepted: true }, 'there is no option "acepted" (did you mean "accepted"?)'],
  [{ kind: 'cut', accepted: true }, /^there is no option "accepted"/],
  [{ kind: 'error' }, 'status takes a whole number from 200 to 599, not undefined'],
  [{ kind: 'answer', status: '503' }, 'status takes a whole number from 200 to 599, not "503"'],
  [{ kind: 'answer', status: 199 }, 'status takes a whole number from 200 to 599, not 199'],
  [{ kind: 'html', status: 600 }, 'status takes a whole number from 200 to 599, not 600'],
  [{ kind: 'status' }, 'status takes a word of the API, not undefined'],
  [{ kind: 'status', status: 503 }, 'status takes a word of the API, not 503'],
  [{ kind: 'status', status: 'x', on: 'video' }, '"status" strikes on "status" alone'],
  [{ kind: 'no-video', on: 'image' }, '"no-video" strikes on "status" alone'],
  [{ kind: 'job-fails', on: 'status' }, '"job-fails" strikes on "video" alone'],
  [{ kind: 'reset', times: 0 }, 'times takes a whole number from 1, not 0'],
  [{ kind: 'reset', times: Number.NaN }, 'times takes a whole number from 1, not NaN'],
  [{ kind: 'reset', after: -1 }, 'after takes a whole number from 0, not -1'],
  ['reset', 'it takes an object, not a text'],
  [undefined, 'it takes an object, not undefined'],
])('fault() refuses %j', (given, why) => {
  const message = (() => {
    try {
      fault(given);
    } catch (error) {
      if (error instanceof TypeError) return error.message;
    }
    return 'no TypeError';
  })();
  const words = message.replace(/^Cannot script the fault: /, '').replace(/\.$/, '');
  if (typeof why === 'string') expect(words).toBe(why);
  else expect(words).toMatch(why);
});

test.each([
  { kind: 'answer', status: 200 },
  { kind: 'error', status: 599, on: undefined },
  { kind: 'html', times: Infinity, after: 0 },
  { kind: 'job-fails', on: 'video', times: 1 },
  { kind: 'status', status: 'a new word' },
  { kind: 'stall-body', afterBytes: 0, withoutInferenceId: true, on: 'billing' },
])('fault() takes %j', (given) => {
  expect(() => fault(given)).not.toThrow();
});
