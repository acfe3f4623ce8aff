import { tokenizer, type CSSToken } from '@csstools/css-tokenizer';

/** Reads CSS, or what is like it, one token after the other; what is wrong in it is a token too. */
export function readCssTokens(css: string): () => CSSToken {
  const { nextToken } = tokenizer({ css });
  return nextToken;
}
