import type { GenerationResult } from '../generation/generationResult.ts';
import type { CommandDeps } from './commandDeps.ts';
import { generate } from './generate.ts';

/**
 * The editor's menu and key bindings run it where text is selected, and tell it which document that
 * is: the selection of the text in front is the prompt to begin with.
 */
export async function generateFromSelection(deps: CommandDeps): Promise<GenerationResult> {
  return await generate(deps);
}
