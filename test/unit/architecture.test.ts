import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { importRules, neverImportVscode } from './importRules.ts';

const root = join(import.meta.dirname, '../..');

interface Import {
  from: string;
  /** A path in src, or the name of a package. */
  to: string;
  isType: boolean;
}

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

describe('the architecture', () => {
  const imports = globSync('src/**/*.ts', { cwd: root }).flatMap(importsIn);
  const moduleOf = (path: string) => /^src\/(\w+)\//.exec(path)?.[1];
  const shown = ({ from, to }: Import) => `${from} imports ${to}`;

  it('names every module', () => {
    const modules = new Set(imports.flatMap(({ from }) => moduleOf(from) ?? []));
    assert.deepEqual(
      [...modules].filter((name) => !(name in importRules)),
      [],
    );
    assert.ok(modules.size >= 8);
  });

  it('lets a module import only what its rule names', () => {
    const wrong = imports.filter(({ from, to, isType }) => {
      const [module, other] = [moduleOf(from), moduleOf(to)];
      if (module === undefined || !to.startsWith('src/')) return false;
      if (to === 'src/appError.ts' || to === 'src/onAbort.ts') return false;
      // A page may know the shape of the messages that its host translates.
      if (module === 'webview' && isType && to === 'src/studio/studioMessages.ts') return false;
      return other !== module && !(other !== undefined && importRules[module]?.includes(other));
    });
    assert.deepEqual(wrong.map(shown), []);
  });

  it('starts in tests and benchmarks only programs that are there', () => {
    const started = globSync('test/**/*.ts', { cwd: root }).flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return [...text.matchAll(/join\(projectFolder, ('[^)]*\.ts')\)/g)].map((match) =>
        (match[1] ?? '').replaceAll("'", '').split(', ').join('/'),
      );
    });
    assert.ok(started.length > 0);
    assert.deepEqual(
      started.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });

  it('leaves no listener on a signal, as one file sees to that', () => {
    const listening = globSync('src/**/*.ts', { cwd: root })
      .filter((path) => !path.endsWith('onAbort.ts'))
      .filter((path) =>
        /addEventListener\(\s*'abort'|\.onabort\b/.test(readFileSync(join(root, path), 'utf8')),
      );
    assert.deepEqual(listening, []);
  });

  it('keeps vscode out of what plain Node runs', () => {
    const wrong = imports.filter(
      ({ from, to }) => neverImportVscode.includes(moduleOf(from) ?? '') && /^vscode\b/.test(to),
    );
    assert.deepEqual(wrong.map(shown), []);
  });

  it('uses the HTTP engine and SQLite in one module each, and no unknown package', () => {
    const packages = new Set(['vscode', 'undici', 'valibot', 'filenamify', 'ipaddr.js']);
    const parsers = /^(@lezer\/(common|javascript|markdown)|@csstools\/css-tokenizer|htmlparser2)$/;
    const ofPages = /^(lit|@vscode-elements\/elements|@tanstack\/lit-virtual)(\/|$)/;
    for (const each of imports) {
      const { from, to, isType } = each;
      if (to.startsWith('src/') || to.startsWith('node:')) {
        // The simulator opens its own databases.
        if (to === 'node:sqlite' && !isType) assert.equal(from, 'src/jobs/nodePlatform.ts');
        continue;
      }
      const isOfPages = moduleOf(from) === 'webview' && ofPages.test(to);
      // Only types, but where the parser is a bundle of its own.
      const isParser =
        parsers.test(to) && (isType || from.startsWith('src/document/links/parsers/'));
      // They are large, and block their thread.
      const isCodec = to.startsWith('@jsquash/') && from === 'src/images/convert/codecs.ts';
      assert.ok(packages.has(to) || isOfPages || isParser || isCodec, shown(each));
      if (to === 'undici' && !isType) assert.equal(moduleOf(from), 'evolink', shown(each));
    }
  });

  it('has no circle, not even of types', () => {
    const edges = new Map<string, string[]>();
    for (const { from, to } of imports)
      if (to.startsWith('src/')) edges.set(from, [...(edges.get(from) ?? []), to]);
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (path: string, trail: string[]): void => {
      const begin = trail.indexOf(path);
      if (begin !== -1) circles.push([...trail.slice(begin), path].join(' → '));
      if (begin !== -1 || done.has(path)) return;
      for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
      done.add(path);
    };
    for (const path of edges.keys()) walk(path, []);
    assert.deepEqual(circles, []);
  });
});
