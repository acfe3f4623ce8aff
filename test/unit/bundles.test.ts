import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { codecFilesIn } from '../../src/images/convert/codecFiles.ts';
import { pageHtml } from '../../src/shared/pageHtml.ts';

interface Metafile {
  inputs: Record<string, { imports: { path: string; external?: boolean; kind: string }[] }>;
  outputs: Record<
    string,
    {
      bytes: number;
      inputs: Record<string, { bytesInOutput: number }>;
      imports: { path: string; external?: boolean }[];
      entryPoint?: string;
    }
  >;
}

const root = join(import.meta.dirname, '../..');
/** What reads languages, each loaded when a document needs it. */
const parserNames = ['htmlTokenizer', 'cssTokenizer', 'scriptParser', 'markdownParser'];
const bundleNames = ['extension', 'app', 'imageLinks', 'links', ...parserNames, 'undici'];

describe('the bundles', () => {
  let inputs: Metafile['inputs'];
  let outputs: Metafile['outputs'];
  before(() => {
    const path = join(root, 'dist/host.meta.json');
    assert.ok(existsSync(path), 'Build first: node esbuild.js');
    ({ inputs, outputs } = JSON.parse(readFileSync(path, 'utf8')) as Metafile);
  });

  const bundle = (name: string) => outputs[`dist/${name}.cjs`] ?? assert.fail(`no ${name}.cjs`);
  const inputsOf = (name: string) => Object.keys(bundle(name).inputs);
  const importsOf = (name: string) =>
    [...new Set(bundle(name).imports.map(({ path }) => path))].toSorted();

  it('are nine, each with its own beginning', () => {
    const beginnings = Object.entries(outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[path, entryPoint]],
    );
    assert.deepEqual(Object.fromEntries(beginnings), {
      'dist/extension.cjs': 'src/extension.ts',
      'dist/app.cjs': 'src/app.ts',
      'dist/imageLinks.cjs': 'src/document/imageLinks.ts',
      'dist/links.cjs': 'src/document/links/linkReader.ts',
      ...Object.fromEntries(
        parserNames.map((name) => [`dist/${name}.cjs`, `src/document/links/parsers/${name}.ts`]),
      ),
      'dist/undici.cjs': 'node_modules/undici/index.js',
    });
  });

  it('let the editor start with next to nothing', () => {
    assert.deepEqual(inputsOf('extension').toSorted(), [
      'src/document/areMarksWanted.ts',
      'src/document/imageLinkActions.ts',
      'src/document/languageIds.ts',
      'src/editor/contributions.ts',
      'src/editor/jobUi/statusItem.ts',
      'src/editor/say/plainLine.ts',
      'src/editor/say/statusItem.ts',
      'src/extension.ts',
      'src/jobs/storageLayout.ts',
      'src/studio/studioIds.ts',
    ]);
    assert.deepEqual(importsOf('extension'), [
      './app.cjs',
      './imageLinks.cjs',
      'node:fs',
      'node:path',
      'vscode',
    ]);
    assert.ok(bundle('extension').bytes < 11_000, `${String(bundle('extension').bytes)} bytes`);
  });

  it('load the HTTP engine only when something is sent', () => {
    assert.ok(!inputsOf('app').some((path) => path.includes('node_modules/undici')));
    assert.ok(importsOf('app').includes('./undici.cjs'));
    const loads = Object.values(inputs).flatMap((input) =>
      input.imports.filter(({ path }) => path === './undici.cjs'),
    );
    assert.ok(loads.length > 0);
    for (const { kind } of loads) assert.equal(kind, 'dynamic-import');
  });

  it('leave what converts images to the thread that does it', () => {
    const path = join(root, 'dist/converter.meta.json');
    const converter = JSON.parse(readFileSync(path, 'utf8')) as Metafile;
    const { inputs: converted = {} } = converter.outputs['dist/convertWorker.cjs'] ?? {};
    const isCodec = (input: string) => input.includes('node_modules/@jsquash/');
    assert.equal(Object.keys(converted).filter(isCodec).length > 5, true);
    for (const name of bundleNames) assert.ok(!inputsOf(name).some(isCodec), name);
    const shipped = readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n');
    for (const name of ['convertWorker.cjs', '*.wasm'])
      assert.ok(shipped.includes(`!dist/${name}`));
    for (const file of Object.values(codecFilesIn(join(root, 'dist'))))
      assert.ok(existsSync(file), file);
  });

  it('load a parser only when a document needs it', () => {
    const parser = /node_modules\/(?:@lezer|@csstools|htmlparser2|entities)\//;
    for (const name of ['extension', 'app', 'imageLinks', 'links'])
      assert.deepEqual(
        inputsOf(name).filter((path) => parser.test(path)),
        [],
      );
    for (const name of parserNames) {
      assert.ok(inputsOf(name).some((path) => parser.test(path)));
      assert.ok(importsOf('links').includes(`./${name}.cjs`));
    }
  });

  it('hold nothing of ours twice', () => {
    const ours = bundleNames.flatMap((name) =>
      inputsOf(name).filter((path) => path.startsWith('src/')),
    );
    const twice = ours.filter((path, index) => ours.indexOf(path) !== index);
    // What both need of names, and a few lines.
    assert.deepEqual(twice.toSorted(), [
      'src/document/areMarksWanted.ts',
      'src/document/imageFolders.ts',
      'src/document/imageFolders.ts',
      'src/document/languageIds.ts',
      'src/document/languageIds.ts',
      'src/document/links/codeLines.ts',
      'src/document/links/codeLines.ts',
      'src/document/links/codeOf.ts',
      'src/document/links/codeOf.ts',
      'src/document/links/frontMatter.ts',
      'src/document/links/inMarkdown.ts',
      'src/document/links/loadParsers.ts',
      'src/document/links/maskExpressions.ts',
      'src/document/links/pageBase.ts',
      'src/document/links/parsers/knownTree.ts',
      'src/document/links/steps.ts',
      'src/document/links/templateComments.ts',
      'src/document/pipelines/pipeline.ts',
      'src/document/pipelines/readShortText.ts',
      'src/document/textLanguage.ts',
      'src/editor/contributions.ts',
      'src/editor/contributions.ts',
      'src/editor/files/documentFile.ts',
      'src/editor/jobUi/statusItem.ts',
      'src/editor/say/fillIn.ts',
      'src/editor/say/hover.ts',
      'src/editor/say/plainInMarkdown.ts',
      'src/editor/say/plainLine.ts',
      'src/editor/say/plainLine.ts',
      'src/editor/say/statusItem.ts',
      'src/images/imageExtensions.ts',
      'src/images/imageExtensions.ts',
      'src/images/imageGlob.ts',
      'src/jobs/storageLayout.ts',
      'src/jobs/storageLayout.ts',
      'src/requests/visibleWords.ts',
      'src/shared/draggedImages.ts',
      'src/studio/studioIds.ts',
    ]);
  });

  it('need nothing beside them but the editor and Node', () => {
    for (const name of bundleNames) {
      for (const path of importsOf(name)) {
        const isThere = path.startsWith('./')
          ? outputs[`dist/${path.slice(2)}`] !== undefined
          : path === 'vscode' ||
            builtinModules.includes(path.replace(/^node:/, '')) ||
            path === 'node:sqlite';
        assert.ok(isThere, `${name} needs ${path}`);
      }
    }
  });

  it('hold no tests, and nothing that only builds', () => {
    for (const name of bundleNames) {
      for (const path of inputsOf(name))
        assert.doesNotMatch(path, /^test\/|typescript|mocha|sharp/);
    }
  });

  it('have a style that can be put into a page as it is', () => {
    const style = readFileSync(join(root, 'dist', 'studio.css'), 'utf8');
    assert.doesNotThrow(() =>
      pageHtml({ title: '', language: 'en', cspSource: '', script: '', style, sources: {} }),
    );
  });
});
