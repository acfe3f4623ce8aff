import type { Tree } from '@lezer/common';
import { parser } from '@lezer/javascript';
import type { Steps } from '../steps.ts';
import { fragmentsFor, type KnownTree } from './knownTree.ts';

const plain = parser.configure({ dialect: 'ts' });
const withElements = parser.configure({ dialect: 'jsx ts' });

/**
 * The tree of a script, also of one that is half written.
 * @param hasElements whether it has JSX, where `<T>` is none of TypeScript's types
 */
export function* parseScript(text: string, hasElements: boolean, known?: KnownTree): Steps<Tree> {
  const parse = (hasElements ? withElements : plain).startParse(text, fragmentsFor(text, known));
  for (;;) {
    const tree = parse.advance();
    if (tree) {
      known?.keep(text, tree);
      return tree;
    }
    yield;
  }
}
