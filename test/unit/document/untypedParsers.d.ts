/** Of parsers that have no types, what the tests use. */

declare module 'postcss-less' {
  import type { Root } from 'postcss';
  export function parse(text: string): Root;
}

declare module 'pug-parser' {
  interface Node {
    type: string;
    name?: string;
    attrs?: { name: string; val: string }[];
    block?: { nodes: Node[] };
    nodes?: Node[];
  }
  export default function parse(tokens: readonly object[]): Node;
}
