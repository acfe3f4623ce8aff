import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import ts from 'typescript';

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
const bundleNames = ['extension', 'app', 'imageLinks', 'undici'];

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

  it('are four, each with its own beginning', () => {
    const beginnings = Object.entries(outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[path, entryPoint]],
    );
    assert.deepEqual(Object.fromEntries(beginnings), {
      'dist/extension.cjs': 'src/extension.ts',
      'dist/app.cjs': 'src/app.ts',
      'dist/imageLinks.cjs': 'src/document/imageLinks.ts',
      'dist/undici.cjs': 'node_modules/undici/index.js',
    });
  });

  it('let the editor start with next to nothing', () => {
    assert.deepEqual(inputsOf('extension').toSorted(), [
      'src/document/imageLinkActions.ts',
      'src/editor/contributions.ts',
      'src/editor/files/documentFile.ts',
      'src/editor/jobUi/statusItem.ts',
      'src/extension.ts',
      'src/studio/studioIds.ts',
      'src/jobs/storageLayout.ts',
    ]);
    assert.deepEqual(importsOf('extension'), [
      './app.cjs',
      './imageLinks.cjs',
      'node:fs',
      'node:path',
      'vscode',
    ]);
    assert.ok(bundle('extension').bytes < 8_000, `${String(bundle('extension').bytes)} bytes`);
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

  it('hold nothing of ours twice', () => {
    const ours = bundleNames.flatMap((name) =>
      inputsOf(name).filter((path) => path.startsWith('src/')),
    );
    const twice = ours.filter((path, index) => ours.indexOf(path) !== index);
    // What both need of names, and a few lines.
    assert.deepEqual(twice.toSorted(), [
      'src/editor/contributions.ts',
      'src/editor/files/documentFile.ts',
      'src/editor/jobUi/statusItem.ts',
      'src/studio/studioIds.ts',
      'src/jobs/storageLayout.ts',
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
});

describe('the modules', () => {
  interface Import {
    from: string;
    /** A path in src, or the name of a package. */
    to: string;
    isType: boolean;
  }

  const imports = globSync('src/**/*.ts', { cwd: root }).flatMap(importsIn);

  /** Everything a file imports, also types, and lazily. */
  function importsIn(path: string): Import[] {
    const from = path.replaceAll('\\', '/');
    const text = readFileSync(join(root, path), 'utf8');
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: Import[] = [];
    const add = (specifier: ts.Node | undefined, isType: boolean): void => {
      if (!specifier || !ts.isStringLiteralLike(specifier)) return;
      const { text: name } = specifier;
      const to = name.startsWith('.') ? posix.join(posix.dirname(from), name) : name;
      found.push({ from, to, isType });
    };
    const visit = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node)) {
        add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
      } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
      else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
        add(node.arguments[0], false);
      else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
        add(node.argument.literal, true);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  }

  const roomOf = (path: string) => /^src\/(\w+)\//.exec(path)?.[1];
  const told = ({ from, to }: Import) => `${from} imports ${to}`;

  /** The modules each may look into; `app.ts` and `extension.ts` put all together. */
  const mayLookInto: Record<string, string[]> = {
    evolink: [],
    images: [],
    jobs: ['evolink', 'images'],
    editor: ['evolink', 'images', 'jobs'],
    commands: ['editor', 'jobs', 'evolink', 'images'],
    studio: ['editor', 'jobs', 'evolink', 'images'],
    document: ['editor', 'jobs', 'evolink', 'images'],
    agents: ['editor', 'jobs', 'evolink', 'images'],
    webview: [],
  };

  it('are all on the map', () => {
    const rooms = new Set(imports.flatMap(({ from }) => roomOf(from) ?? []));
    assert.deepEqual(
      [...rooms].filter((room) => !(room in mayLookInto)),
      [],
    );
    assert.ok(rooms.size >= 6);
  });

  it('look only where they may', () => {
    const wrong = imports.filter(({ from, to, isType }) => {
      // A page and its host share what they say to each other, and how that is checked.
      if (roomOf(from) === 'webview') {
        if (to === 'src/shared/studioProtocol.ts') return false;
        if (isType && (to.endsWith('Protocol.ts') || to === 'src/studio/studioMessages.ts'))
          return false;
      }
      const [room, other] = [roomOf(from), roomOf(to)];
      if (room === undefined || !to.startsWith('src/')) return false;
      return other !== room && !(other !== undefined && mayLookInto[room]?.includes(other));
    });
    assert.deepEqual(wrong.map(told), []);
  });

  it('below the editor know nothing of it', () => {
    const wrong = imports.filter(
      ({ from, to }) => /^src\/(evolink|images|jobs)\//.test(from) && /^vscode\b/.test(to),
    );
    assert.deepEqual(wrong.map(told), []);
  });

  it('use the HTTP engine and the store’s engine in one room each, and nothing unknown', () => {
    const packages = new Set(['vscode', 'undici', 'valibot', 'filenamify', 'image-size']);
    const ofPages = /^(lit|@vscode-elements\/elements|@tanstack\/lit-virtual)(\/|$)/;
    for (const each of imports) {
      const { from, to, isType } = each;
      if (to.startsWith('src/') || to.startsWith('node:')) {
        if (to === 'node:sqlite') assert.equal(roomOf(from), 'jobs', told(each));
        continue;
      }
      const isOfPages = roomOf(from) === 'webview' && ofPages.test(to);
      assert.ok(packages.has(to) || isOfPages, told(each));
      if (to === 'undici' && !isType) assert.equal(roomOf(from), 'evolink', told(each));
    }
  });

  it('do not go round in circles', () => {
    const edges = new Map<string, string[]>();
    for (const { from, to, isType } of imports)
      if (!isType && to.startsWith('src/')) edges.set(from, [...(edges.get(from) ?? []), to]);
    const done = new Set<string>();
    const walk = (path: string, trail: string[]): void => {
      assert.ok(!trail.includes(path), [...trail, path].join(' → '));
      if (done.has(path)) return;
      for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
      done.add(path);
    };
    for (const path of edges.keys()) walk(path, []);
  });
});
