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

const root = join(import.meta.dirname, '../../..');

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
        const [message, ...values] = node.arguments;
        calls.push({ place: `${path}:${String(line + 1)}`, message, values: values.length });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
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
      if (place.startsWith('src/studio/words.ts')) continue;
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
