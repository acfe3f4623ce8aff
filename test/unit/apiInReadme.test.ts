import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');
/** Exists in memory only. */
const examplePath = join(root, 'test/unit/readmeExample.ts');

/** What the README says of the API must hold for what there is. */
const comparison = `
export const options: import('../../src/generation/askedRequest.ts').EditorOptions =
  {} as RequestOptions;
export const result: GenerationResult =
  {} as import('../../src/generation/generationResult.ts').GenerationResult;
export const api: ImageStudioApi = {} as import('../../src/extension.ts').Api;
export const state: import('../../src/jobs/job.ts').JobState = {} as Job['state'];
`;

/** Type errors of a text that stands in for a file of this project. */
function typeErrors(text: string): string[] {
  const path = join(root, 'tsconfig.json');
  const parsed = ts.getParsedCommandLineOfConfigFile(
    path,
    { noUnusedLocals: false },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: () => assert.fail(path),
    },
  );
  assert.ok(parsed);
  const disk = ts.createCompilerHost(parsed.options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => name === examplePath || disk.fileExists(name),
    getSourceFile: (name, version, ...others) =>
      name === examplePath
        ? ts.createSourceFile(name, text, version)
        : disk.getSourceFile(name, version, ...others),
  };
  const program = ts.createProgram([examplePath], parsed.options, host);
  const source = program.getSourceFile(examplePath);
  return [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the API in the README', () => {
  it('is the one there is, and its examples fit it', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code);
    assert.ok(blocks.length >= 3);
    assert.deepEqual(typeErrors([...blocks, comparison].join('\n')), []);
  });
});
