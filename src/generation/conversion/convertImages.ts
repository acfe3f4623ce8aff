import type * as vscode from 'vscode';
import { toLocalizedError } from '../../editor/errors/errorActions.ts';
import type { LocalizedError } from '../../editor/errors/localizedError.ts';
import { type ConversionDeps, convertToWidths, type ConvertedImage } from './convertImage.ts';
import type { ConversionPlan } from './planConversion.ts';

/** What became of several images. Each is in one list at least; in two where it failed halfway. */
export interface ConversionOutcome {
  /** In the order of the plans, and of ascending widths. */
  images: ConvertedImage[];
  failures: { plan: ConversionPlan; error: LocalizedError }[];
  /** Of what came after the user cancelled, and while. */
  untried: ConversionPlan[];
}

/**
 * Converts one image after the other: one that fails keeps no other from its turn, and what was made
 * stays when the signal ends the rest. @param onBegin told of each before its turn
 */
export async function convertImages(
  deps: ConversionDeps,
  plans: readonly ConversionPlan[],
  signal: AbortSignal,
  onBegin: (source: vscode.Uri) => void = () => undefined,
): Promise<ConversionOutcome> {
  const outcome: ConversionOutcome = { images: [], failures: [], untried: [] };
  for (const plan of plans) {
    if (signal.aborted) {
      outcome.untried.push(plan);
      continue;
    }
    onBegin(plan.source);
    try {
      await convertToWidths(deps, {
        ...plan,
        signal,
        onMade: (image) => outcome.images.push(image),
      });
    } catch (thrown) {
      const error = toLocalizedError(thrown);
      if (error.code === 'cancelled') {
        outcome.untried.push(plan);
      } else {
        deps.log.error(`${plan.source.toString()} was not converted: ${error.message}`);
        outcome.failures.push({ plan, error });
      }
    }
  }
  return outcome;
}
