import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/** What an editor shows of the models: the language service of the compiler, asked about a file that is not on disk. */

const file = `${process.cwd()}/an-app.ts`;
const text = `import { generateVideo } from './src/index.js';
generateVideo({ model: '' });
generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
generateVideo({ model: 'wan2.2-t2v-pls', prompt: 'x' });
generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x', duration: 5 });
generateVideo({ model: 'wan2.6-i2v', prompt: 'x' });
generateVideo({ model: 'alibaba/wan2.6-t2v', prompt: 'x', resolution: '1080P' });
`;

function createService(): ts.LanguageService {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const read = (name: string) => (name === file ? text : ts.sys.readFile(name));
  return ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const source = read(name);
      return source === undefined ? undefined : ts.ScriptSnapshot.fromString(source);
    },
    getCurrentDirectory: () => process.cwd(),
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: read,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
}

describe('an editor', () => {
  const service = createService();
  const errors = service
    .getSemanticDiagnostics(file)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));

  test('offers the names of video models, each once, and no others', () => {
    const { entries = [] } = service.getCompletionsAtPosition(file, text.indexOf("''") + 1, {}) ?? {};
    const names = entries.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['wan2.2-t2v-plus', 'wan2.6-t2v', 'wan/v2.1/1.3b/text-to-video']),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => /image$|t2i/.test(name))).toEqual([]);
  });

  test('shows at model what the model does', () => {
    const info = service.getQuickInfoAtPosition(file, text.indexOf("model: 'wan2.2-t2v-plus'") + 1);
    const documentation = 'Text to video: silent, 5 s, about 30 frames a second.';
    expect(ts.displayPartsToString(info?.documentation)).toBe(documentation);
  });

  test('shows errors that name what is wrong', () => {
    expect(errors).toHaveLength(5);
    expect(errors[1]).toMatch(
      /^Type '"wan2\.2-t2v-pls"' is not assignable .* Did you mean '"wan2\.2-t2v-plus"'\?$/,
    );
    expect(errors[2]).toMatch(/'duration' does not exist in type 'Wan22T2vPlusInput'/);
    expect(errors[3]).toMatch(/Property 'image_url' is missing .* required in type 'Wan26I2vInput'/);
    expect(errors[4]).toMatch(/^Type '"1080P"' is not assignable .*"1080p"/);
    for (const error of errors) expect(error.length).toBeLessThan(400);
  });
});
