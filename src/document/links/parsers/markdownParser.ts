import type { Tree } from '@lezer/common';
import { GFM, parser, type InlineParser, type MarkdownConfig } from '@lezer/markdown';
import type { Steps } from '../steps.ts';
import { fragmentsFor, type KnownTree } from './knownTree.ts';

/** `![[name#heading|size]]`, where a bar in a table is escaped. */
const embed = /^!\[\[[^[\]\n]{1,2000}\]\]/;
/** `![alt](target =300x200)`, as some renderers know it. */
const sized =
  /^!\[((?:\\.|[^[\]\\]){0,1000})\]\([ \t]{0,20}(<[^<>\n]{0,2000}>|[^\s()<>]{1,2000})[ \t]{1,20}=\d{0,5}%?x?\d{0,5}%?[ \t]{0,20}\)/;

/** In one line or paragraph; what is linked in a longer one is not found. */
const maxParagraphChars = 10_000;
const bang = '!'.charCodeAt(0);

const embeds: InlineParser = {
  name: 'ImageEmbed',
  before: 'Image',
  parse(context, next, at) {
    if (next !== bang) return -1;
    const [whole] = embed.exec(context.slice(at, Math.min(context.end, at + 2_010))) ?? [];
    if (whole === undefined) return -1;
    return context.addElement(context.elt('ImageEmbed', at, at + whole.length));
  },
};

const sizes: InlineParser = {
  name: 'SizedImage',
  before: 'Image',
  parse(context, next, at) {
    if (next !== bang) return -1;
    const [whole] = sized.exec(context.slice(at, Math.min(context.end, at + 5_100))) ?? [];
    if (whole === undefined) return -1;
    return context.addElement(context.elt('SizedImage', at, at + whole.length));
  },
};

/** A paragraph made to be slow is longer than any that is read. */
const longParagraphs: InlineParser = {
  name: 'LongParagraph',
  before: 'Escape',
  parse: (context) => (context.text.length > maxParagraphChars ? context.end : -1),
};

const images: MarkdownConfig = {
  defineNodes: ['ImageEmbed', 'SizedImage'],
  parseInline: [longParagraphs, embeds, sizes],
};

const markdown = parser.configure([GFM, images]);
/** MDX has elements in place of HTML, which do not end what is Markdown, and no indented code. */
const mdx = markdown.configure({ remove: ['HTMLBlock', 'IndentedCode', 'HTMLTag'] });

/** The tree of a text in CommonMark with GitHub's extensions, or in MDX. Nothing is wrong in it. */
export function* parseMarkdown(text: string, isMdx: boolean, known?: KnownTree): Steps<Tree> {
  const parse = (isMdx ? mdx : markdown).startParse(text, fragmentsFor(text, known));
  for (;;) {
    const tree = parse.advance();
    if (tree) {
      known?.keep(text, tree);
      return tree;
    }
    yield;
  }
}
