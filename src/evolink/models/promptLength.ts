/** Characters as a user counts them: an emoji outside the basic plane is one. */
export function promptLength(prompt: string): number {
  let length = 0;
  for (const _ of prompt) length += 1;
  return length;
}

/** Bytes of UTF-8. */
export function promptBytes(prompt: string): number {
  return new TextEncoder().encode(prompt).length;
}

/**
 * An approximation of the tokens of a prompt, from below: six Latin characters are rarely less than
 * a token, and two others never are. A prompt that is refused by it would be refused by the provider.
 */
export function fewestTokens(prompt: string): number {
  let latin = 0;
  let others = 0;
  for (const character of prompt) {
    if (character < '\u0250') latin += 1;
    else others += 1;
  }
  return Math.ceil(latin / 6 + others / 2);
}
