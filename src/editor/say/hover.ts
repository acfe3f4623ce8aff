import { MarkdownString, type Uri } from 'vscode';
import { plainInMarkdown } from './plainInMarkdown.ts';
import { oneLine, wholeLine } from './plainLine.ts';

/** A command of ours that a hover offers as a link. */
export interface HoverAction {
  title: string;
  command: string;
  /** Plain data. */
  args: readonly unknown[];
}

export interface HoverContent {
  image?: Uri;
  /** A line of ours. */
  sentence: string;
  /** Those of others; they form no link. */
  words: string;
  actions: readonly HoverAction[];
}

/** Small enough to stand above a line, in pixels. */
const imageWidth = 240;
const maxWordsChars = 600;

/** A hover of plain lines, with links that run these commands and no others. */
export function hoverWith({ image, sentence, words, actions }: HoverContent): MarkdownString {
  const hover = new MarkdownString('', false);
  hover.isTrusted = { enabledCommands: actions.map(({ command }) => command) };
  if (image) {
    const address = encodeBrackets(image.toString());
    hover.appendMarkdown(`![](${address}|width=${String(imageWidth)})\n\n`);
  }
  const lines = [
    plainInMarkdown(wholeLine(sentence)),
    plainInMarkdown(oneLine(words, { maxChars: maxWordsChars })),
    actions.map(linkTo).join(' &nbsp; '),
  ];
  return hover.appendMarkdown(lines.join('\n\n'));
}

function linkTo({ title, command, args }: HoverAction): string {
  const given = encodeBrackets(encodeURIComponent(JSON.stringify(args)));
  return `[${plainInMarkdown(title)}](command:${command}?${given})`;
}

/** They would end the link. */
function encodeBrackets(address: string): string {
  return address.replaceAll('(', '%28').replaceAll(')', '%29');
}
