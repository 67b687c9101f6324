import { describe, expect, it } from 'vitest';
import { commands, common } from '../../src/cli/commands.js';
import { type Flags, readArguments } from '../../src/cli/flags.js';
import { toFieldFlags, toFields } from '../../src/cli/model-flags.js';
import { models } from '../../src/models.js';

const flags: Flags = {
  output: { about: '', takes: 'path', short: 'o' },
  quiet: { about: '', short: 'q' },
  seed: { about: '', takes: 'whole number', field: 'seed' },
  since: { about: '', takes: 'age' },
  'max-wait': { about: '', takes: 'time' },
  provider: { about: '', takes: 'provider' },
  'image-size': { about: '', takes: 'size', field: 'image_size' },
  watermark: { about: '', field: 'watermark' },
};
const read = (...args: string[]) => readArguments(args, flags, true);

describe('readArguments()', () => {
  it.each([
    ['a negative number', ['--seed', '-5'], 'seed', '-5'],
    ['a value behind "="', ['--seed=-5'], 'seed', '-5'],
    ['a short flag', ['-o', 'x'], 'output', 'x'],
    ['a value that begins with dashes', ['-o', '--x'], 'output', '--x'],
    ['the spelling of the wire', ['--image_size', '1x2'], 'image_size', '1x2'],
    ['a switch', ['--watermark'], 'watermark', 'true'],
    ['a switch that is off', ['--no-watermark'], 'watermark', 'false'],
    ['a switch with a value', ['--watermark=FALSE'], 'watermark', 'false'],
    ['a switch that is off, off', ['--no-watermark=false'], 'watermark', 'true'],
    ['minutes', ['--max-wait', '1.5m'], 'max-wait', '90000'],
    ['the last of several', ['--seed', '1', '--seed', '2'], 'seed', '2'],
  ])('reads %s', (_, args, name, value) => {
    const given = read(...args);
    expect(given.mistakes).toEqual([]);
    expect(given.text(name)).toBe(value);
  });

  it.each([
    [['-G3b3vVKdoC42fMNeK1To', '-q'], ['-G3b3vVKdoC42fMNeK1To']],
    [['-q', '--', '-oG3b3'], ['-oG3b3']],
    [['-o', '-G3b3', 'id'], ['id']],
    [['uuid:alibaba/wan2.5', '--seed', '-5'], ['uuid:alibaba/wan2.5']],
  ])('takes an id as it is: %j', (args, ids) => {
    const given = read(...args);
    expect(given).toMatchObject({ positionals: ids, mistakes: [] });
  });

  it('takes a switch that is off as not given', () => {
    expect(read('--quiet=false').has('quiet')).toBe(false);
    expect(read('--quiet').has('quiet')).toBe(true);
  });

  it.each([
    [['--constructor'], '--constructor is not known'],
    [['--valueOf=5'], '--valueOf is not known'],
    [['--no-watermark=x'], '--no-watermark is a switch: it takes true or false, not "x"'],
    [['--max-wait', '0'], '--max-wait takes a time such as 90s, 20m or 24h, not "0"'],
    [['--provider', 'vtrx'], '--provider takes aimlapi or vtrix, not "vtrx"'],
  ])('tells what is wrong with %j', (args, mistake) => {
    expect(read(...args).mistakes).toEqual([mistake]);
  });

  it('tells once where a prompt that begins with a dash stands', () => {
    const { mistakes } = readArguments(['-dragon'], flags);
    expect(mistakes).toEqual(['-dragon is not known: a text that begins with a dash stands behind --']);
  });

  it('takes a date as an age', () => {
    const age = Number(read('--since', '2026-11-01').number('since'));
    expect(Date.now() - age).toBeCloseTo(Date.parse('2026-11-01'), -4);
  });
});

it('has no field of a model with the name of a flag that is ours', () => {
  const ours = new Set(
    Object.values({ ...commands, common: { flags: common } }).flatMap(({ flags: each }) => Object.keys(each)),
  );
  ours.delete('prompt');
  const theirs = models().flatMap(({ limits }) => Object.keys(toFieldFlags(limits)));
  expect(theirs.filter((name) => ours.has(name))).toEqual([]);
});

it('reads the values of every field of every model by its limits', async () => {
  for (const { limits } of models()) {
    for (const [field, limit] of Object.entries(limits)) {
      const [word = ''] = limit.enum ?? [];
      const given = limit.enum ? String(word).toLowerCase() : limit.type === 'integer' ? '7' : 'x';
      const mistakes: string[] = [];
      const skips = limit.media !== undefined || limit.items?.media !== undefined;
      const fields = skips ? {} : await toFields([[field, [given]]], limits, mistakes);
      expect(mistakes).toEqual([]);
      if (limit.enum) expect(fields[field]).toBe(word);
      else if (limit.type === 'integer') expect(fields[field]).toBe(7);
    }
  }
});
