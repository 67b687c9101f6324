import { describe, expect, it } from 'vitest';
import { cutToWidth, toSafeLine } from '../../src/cli/screen.js';

describe('cutToWidth()', () => {
  it.each([
    ['as it is', 'a fox', 10, 'a fox'],
    ['cut', 'a fox', 3, 'a f'],
    ['with wide characters as two cells', '画画画', 5, '画画'],
    ['with emoji as two cells', '🎬🎬', 3, '🎬'],
    ['with a bar as one cell each', '██░░', 4, '██░░'],
    ['without what moves the cursor', 'a\x1b[2J\nb\u202e\t', 20, 'a [2J b '],
  ])('gives a text %s', (_, text, cells, fitted) => expect(cutToWidth(text, cells)).toBe(fitted));
});

it('keeps of what a terminal obeys only what makes a text dim, and the end of a line', () => {
  expect(toSafeLine('a\x1b]0;x\x07\x9b2Jb\t\r\nc \x1b[2mdim\x1b[22m \x07[2m 🎬\u200d')).toBe(
    'a ]0;x  2Jb  \nc \x1b[2mdim\x1b[22m  [2m 🎬\u200d',
  );
});
