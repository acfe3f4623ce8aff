import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

interface Call {
  /** Where it stands, for messages. */
  place: string;
  message: ts.Expression | undefined;
  values: number;
}

type Bundle = Record<string, string>;

const root = join(import.meta.dirname, '../../..');
const readBundle = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Bundle;
/** The same in every language. */
const names = ['Image Studio', 'Studio'];

/** Every call of `vscode.l10n.t`, or of `l10n.t` by its own name. */
function callsIn(path: string): Call[] {
  const text = readFileSync(join(root, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const calls: Call[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      if (/^(vscode\.)?l10n\.t$/.test(callee)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        const [message, ...own] = node.arguments;
        const values = own.length + valuesFilledInto(node);
        calls.push({ place: `${path}:${String(line + 1)}`, message, values });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
}

/** As many as `fillIn` puts into the text of this call. */
function valuesFilledInto(call: ts.CallExpression): number {
  const outer = call.parent;
  const isFilled =
    ts.isCallExpression(outer) &&
    outer.expression.getText() === 'fillIn' &&
    outer.arguments[0] === call;
  return isFilled ? outer.arguments.length - 1 : 0;
}

describe('words for translation', () => {
  const paths = globSync('src/**/*.ts', { cwd: root });
  const calls = paths.flatMap(callsIn);

  it('are found', () => {
    assert.ok(calls.length > 50, `only ${String(calls.length)} were`);
  });

  it('stand as plain text where they are used, so that tools find them', () => {
    const others = calls.filter(({ message }) => !message || !ts.isStringLiteralLike(message));
    assert.deepEqual(
      others.map(({ place }) => place),
      [],
    );
  });

  it('have as many values as places for them', () => {
    for (const { place, message, values } of calls) {
      // The words of the Studio are filled in by its page.
      if (place.startsWith('src/studio/studioMessages.ts')) continue;
      if (!message || !ts.isStringLiteralLike(message)) continue;
      const places = new Set([...message.text.matchAll(/\{(\d+)\}/g)].map((match) => match[1]));
      assert.deepEqual(
        [...places].toSorted(),
        Array.from({ length: values }, (_, n) => String(n)),
        place,
      );
    }
  });

  it('are taken from the editor in no other way', () => {
    for (const path of paths) {
      const text = readFileSync(join(root, path), 'utf8');
      const spoken = [...text.matchAll(/\bl10n\b(?!\.t\()/g)].length;
      const imported = /import \{[^}]*\bl10n\b[^}]*\} from 'vscode'/.test(text) ? 1 : 0;
      assert.equal(spoken, imported, path);
    }
  });
});

const wordsInSource = () => {
  const calls = globSync('src/**/*.ts', { cwd: root }).flatMap(callsIn);
  return new Set(
    calls.flatMap(({ message }) =>
      message && ts.isStringLiteralLike(message) ? message.text : [],
    ),
  );
};

/** What a translation has as its original has it: places, symbols, variables, links of commands. */
const fixedParts = (text: string) =>
  (
    text.match(/\{\d+\}|\$\([^)]*\)|\$\{\w+\}|command:[\w.]+|#[\w.]+#|https:\/\//g) ?? []
  ).toSorted();

const hasWords = (text: string) => /\p{L}/u.test(text.replaceAll(/\{\d+\}/g, ''));

describe('the list of words for translators', () => {
  it('is that of the source; `npm run l10n` makes it anew', () => {
    const listed = Object.entries(readBundle('l10n/bundle.l10n.json'));
    assert.deepEqual(listed.map(([key]) => key).toSorted(), [...wordsInSource()].toSorted());
    assert.ok(listed.every(([key, text]) => key === text));
  });
});

for (const path of globSync('package.nls.*.json', { cwd: root })) {
  const [, locale = ''] = /^package\.nls\.(.+)\.json$/.exec(path) ?? [];
  const manifestWords = readBundle('package.nls.json');
  const originals = [
    ...[...wordsInSource()].map((text) => ({ key: text, text, in: `bundle.l10n.${locale}` })),
    ...Object.entries(manifestWords).map(([key, text]) => ({ key, text, in: path })),
  ];
  const ofCode = readBundle(`l10n/bundle.l10n.${locale}.json`);
  const ofManifest = readBundle(path);
  const translate = (original: (typeof originals)[number]) =>
    (original.in === path ? ofManifest : ofCode)[original.key] ?? '';

  describe(`the words in ${locale}`, () => {
    const wrong = (isWrong: (text: string, translated: string) => boolean) =>
      originals
        .filter((original) => isWrong(original.text, translate(original)))
        .map((original) => original.key);

    it('are complete', () => {
      assert.deepEqual(
        wrong((_, translated) => translated.trim() === ''),
        [],
      );
    });

    it('have nothing left over', () => {
      const inUse = new Set(originals.map(({ key }) => key));
      const left = [...Object.keys(ofCode), ...Object.keys(ofManifest)];
      assert.deepEqual(
        left.filter((key) => !inUse.has(key)),
        [],
      );
    });

    it('have the places, symbols and links of the originals', () => {
      const differ = (text: string, translated: string) =>
        fixedParts(text).join() !== fixedParts(translated).join();
      assert.deepEqual(wrong(differ), []);
    });

    it('are words of that language, names aside', () => {
      const isTheSame = (text: string, translated: string) =>
        text === translated && hasWords(text) && !names.includes(text);
      assert.deepEqual(wrong(isTheSame), []);
    });
  });
}

describe('translations', () => {
  it('are of the same languages in code and manifest', () => {
    const inCode = globSync('l10n/bundle.l10n.*.json', { cwd: root }).map((path) =>
      path.replace(/^.*bundle\.l10n\./, ''),
    );
    const inManifest = globSync('package.nls.*.json', { cwd: root }).map((path) =>
      path.replace(/^package\.nls\./, ''),
    );
    assert.deepEqual(inCode.toSorted(), inManifest.toSorted());
    assert.ok(inCode.includes('zh-cn.json'));
  });
});
