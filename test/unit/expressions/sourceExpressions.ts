import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../../..');

export interface SourceExpression {
  /** `src/a.ts:12`. */
  place: string;
  source: string;
  /** With `g` where its use looks for all matches. */
  flags: string;
}

/** Every regular expression literal of src. */
export function sourceExpressions(): SourceExpression[] {
  return nodesOfSource(ts.isRegularExpressionLiteral).map(({ node, place }) => {
    const end = node.text.lastIndexOf('/');
    const flags = node.text.slice(end + 1);
    const isGlobal = flags.includes('g') || flags.includes('y') || !isSplitBy(node);
    return { place, source: node.text.slice(1, end), flags: isGlobal ? flags : `${flags}g` };
  });
}

/** The places of expressions that are made of text, which nothing here could try. */
export function expressionsOfText(): string[] {
  return nodesOfSource(
    (node): node is ts.NewExpression | ts.CallExpression =>
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      node.expression.getText() === 'RegExp',
  ).map(({ place }) => place);
}

/** `split` looks for all matches, whatever the flags. */
function isSplitBy({ parent }: ts.Node): boolean {
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    parent.expression.name.text === 'split'
  );
}

function nodesOfSource<T extends ts.Node>(
  isWanted: (node: ts.Node) => node is T,
): { node: T; place: string }[] {
  return globSync('src/**/*.ts', { cwd: root }).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: { node: T; place: string }[] = [];
    const visit = (node: ts.Node): void => {
      if (isWanted(node)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push({ node, place: `${path.replaceAll('\\', '/')}:${String(line + 1)}` });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}
