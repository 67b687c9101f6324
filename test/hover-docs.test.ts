import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** What an editor shows of the exported functions, read from the doors as an editor reads it. */

const doors = ['index', 'models', 'vtrix', 'undici', 'testing'].map((door) => `src/${door}.ts`);
const program = ts.createProgram(doors, {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  strict: true,
  noEmit: true,
  types: ['node'],
});
const checker = program.getTypeChecker();

const functions = doors.flatMap((door) => {
  const file = program.getSourceFile(door);
  const symbol = file && checker.getSymbolAtLocation(file);
  if (!symbol) throw new Error(`${door} has no exports`);
  return checker.getExportsOfModule(symbol).flatMap((exported) => {
    const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (!target.valueDeclaration || target.flags & ts.SymbolFlags.Class) return [];
    const type = checker.getTypeOfSymbolAtLocation(target, target.valueDeclaration);
    const [signature] = type.getCallSignatures();
    if (!signature) return [];
    const tags = target.getJsDocTags(checker).map(({ name, text }) => ({
      name,
      text: ts.displayPartsToString(text),
    }));
    return {
      door,
      name: exported.name,
      sentence: ts.displayPartsToString(target.getDocumentationComment(checker)),
      parameters: signature.parameters.map((parameter) => parameter.name),
      tags,
    };
  });
});

/** The functions of the client that is made from the environment. */
const bare = functions.filter(({ door, name }) => door === 'src/index.ts' && name !== 'createWan');

describe('the hover docs', () => {
  it('are those of all functions', () => {
    expect(functions.length).toBeGreaterThan(24);
    expect(bare.map(({ name }) => name)).toEqual(expect.arrayContaining(['save', 'generateVideo', 'getKey']));
  });

  it.each(functions)(
    'of $name say in a sentence of its own what it does, and show it',
    ({ sentence, tags }) => {
      expect(sentence).toMatch(/^[A-Z].{20,}/);
      expect(tags.some(({ name, text }) => name === 'example' && text.includes('```ts'))).toBe(true);
    },
  );

  it.each(bare)('of $name tell its parameters and what it throws', ({ name, parameters, tags }) => {
    const told = tags.filter((tag) => tag.name === 'param').map(({ text }) => text.split(' ')[0]);
    expect(told).toEqual(parameters);
    // this one only judges an error
    if (name !== 'mayHaveBeenPaid') expect(tags.some((tag) => tag.name === 'throws')).toBe(true);
  });
});
