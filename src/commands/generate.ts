import { parseOptions } from '../generation/askedRequest.ts';
import { generateImages } from '../generation/generateImages.ts';
import type { GenerationResult } from '../generation/generationResult.ts';
import { interactionFor } from '../generation/interaction/interactionFor.ts';
import { promptFromText } from '../generation/prompt/promptFromText.ts';
import { selectedPrompt } from '../generation/prompt/selectedPrompt.ts';
import type { CommandDeps } from './commandDeps.ts';

/** Makes images of a prompt. A caller that gives it gets no prompt box. */
export async function generate(deps: CommandDeps, given?: unknown): Promise<GenerationResult> {
  const options = parseOptions(given);
  // Whoever names a folder or references has something else in mind than the text in front.
  const isOfText = options.output === undefined && options.references === undefined;
  const asked = { options, suggestedPrompt: isOfText ? promptFromText() : selectedPrompt() };
  return await generateImages(deps, asked, interactionFor(deps, options));
}
