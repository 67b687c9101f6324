import { describe, expect, it, vi } from 'vitest';
import { lookUp } from '../../src/media/look-up.js';
import { stubNames } from './stub-names.js';

const { signal } = new AbortController();

describe('lookUp()', () => {
  it('gives every address of a name', async () => {
    stubNames({ 'a.example': [['8.8.8.8', '2606:4700::1111']] });
    expect(await lookUp('a.example', signal)).toEqual(['8.8.8.8', '2606:4700::1111']);
  });

  it.each([
    ['the name is unknown', undefined],
    ['Node has no such module', () => undefined],
    ['the module has no such function', () => ({})],
    [
      'the function throws',
      () => ({
        lookup: () => {
          throw new Error('not implemented');
        },
      }),
    ],
    ['it says nothing', () => ({ lookup: (_: string, __: object, done: () => void) => done() })],
    [
      'it says something else',
      () => ({
        lookup: (_: string, __: object, done: (...given: unknown[]) => void) => done(null, '8.8.8.8', 4),
      }),
    ],
    [
      'modules cannot be asked for',
      () => {
        throw new Error('no');
      },
    ],
  ])('gives none where %s', async (_, getBuiltinModule) => {
    stubNames({});
    if (getBuiltinModule) vi.spyOn(process, 'getBuiltinModule').mockImplementation(getBuiltinModule as never);
    expect(await lookUp('a.example', signal)).toEqual([]);
  });

  it('gives none where there is no process', async () => {
    vi.stubGlobal('process', undefined);
    const found = await lookUp('a.example', signal);
    // the test's own runner needs it
    vi.unstubAllGlobals();
    expect(found).toEqual([]);
  });
});
