import type { CommandId } from '../editor/contributions.ts';

/**
 * Whether a command was run by a user: from the palette, a key, or a menu, which gives the files it
 * was opened on. Whoever gives a prompt or another text is a program, and is answered by a rejection.
 */
export function isRunByUser(args: readonly unknown[]): boolean {
  return !args.some((each) => typeof each === 'string' || hasPrompt(each));
}

function hasPrompt(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'prompt' in given;
}

/** What a command answers when it could do nothing, and its user was told why. */
export function nothingDone(id: CommandId): unknown {
  switch (id) {
    case 'imageStudio.generate':
    case 'imageStudio.edit':
    case 'imageStudio.generateMissing':
      return { images: [], failures: [] };
    case 'imageStudio.setApiKey':
      return false;
    case 'imageStudio.checkConnection':
      return { ok: false, code: 'writeFailed' };
    default:
      return undefined;
  }
}
