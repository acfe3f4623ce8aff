import type { Uri } from 'vscode';
import type { TextPlace } from '../editor/files/textPlaces.ts';
import type { UserPlace } from '../editor/files/workplace.ts';
import { readModels } from '../editor/settings.ts';
import type { Adjustment } from '../evolink/models/choices.ts';
import type { Job } from '../jobs/job.ts';
import { checkRequest, toJobs } from '../requests/imageRequest.ts';
import { type AskedRequest, fillInDefaults, referencesOf } from './askedRequest.ts';
import { inFormatOf } from './fileFormat.ts';
import type { GenerationDeps } from './generationDeps.ts';
import { emptyResult, type GenerationResult, toResult } from './generationResult.ts';
import type { Composed, Interaction } from './interaction/interaction.ts';
import { goingOf, isNamedFile, locationFor, locationIn } from './outputLocation.ts';
import { placeholderFor } from './placeholderFor.ts';
import { prepareReferences } from './references/prepareReferences.ts';
import { requireNetwork } from './requireNetwork.ts';
import { sourceSize } from './sourceSize.ts';

/**
 * The one way of a request, whoever makes it: parsed by `parseOptions`, its defaults are filled in,
 * it is checked, gets its destination and its references, is submitted, waited for and presented.
 * `interaction` answers every question that comes up.
 * @returns an empty result when the user left, or was told of a failure.
 * @throws AppError what `interaction.report` throws.
 */
export async function generateImages(
  deps: GenerationDeps,
  asked: AskedRequest,
  interaction: Interaction,
): Promise<GenerationResult> {
  try {
    return await fromHere(deps, asked, interaction);
  } catch (thrown) {
    interaction.report(thrown);
    return emptyResult();
  }
}

/** The user may type in the text while questions wait: its place is followed from the beginning. */
async function fromHere(
  deps: GenerationDeps,
  asked: AskedRequest,
  interaction: Interaction,
): Promise<GenerationResult> {
  const { places } = deps.texts;
  const here = asked.textPlace ? undefined : places.here();
  try {
    return await runSteps(deps, asked, interaction, asked.textPlace ?? here);
  } finally {
    if (here) places.release(here);
  }
}

async function runSteps(
  deps: GenerationDeps,
  given: AskedRequest,
  interaction: Interaction,
  textPlace: TextPlace | undefined,
): Promise<GenerationResult> {
  // Dialogs and results come in front of what the user works in.
  const place = deps.workplace.now();
  const asked = await withImages(given, interaction);
  if (!asked) return emptyResult();
  const logAdjustment = ({ field, value, used = 'none' }: Adjustment) => {
    deps.log.info(`The model does not take the ${field} ${value} of the settings: it is ${used}`);
  };
  const source = asked.shape ?? (await sourceSize(referencesOf(asked)));
  const filledIn = fillInDefaults(asked, place, source, logAdjustment);
  let draft: Composed = await interaction.review(filledIn, asked);
  for (;;) {
    const request = await interaction.compose(draft, asked);
    if (!request) return emptyResult();
    const jobs = await trySubmit(deps, request, asked, place, interaction);
    if (jobs) {
      const ids = jobs.map(({ id }) => id);
      if (textPlace) deps.texts.places.keep(ids, textPlace);
      const ended = await interaction.waitFor(jobs);
      const result = toResult(ended, deps.engine.pause(), deps.engine.heldModels());
      await interaction.present(result, request, asked);
      return result;
    }
    // Nothing typed is lost: the user mends the request in it.
    draft = request;
  }
}

/** An edit needs images. @returns undefined when the user chose none. */
async function withImages(
  asked: AskedRequest,
  interaction: Interaction,
): Promise<AskedRequest | undefined> {
  if (asked.images?.length !== 0) return asked;
  const images = await interaction.chooseImages(asked);
  return images.length === 0 ? undefined : { ...asked, images };
}

/** @returns undefined when a step failed and the failure leads back to the prompt. */
async function trySubmit(
  deps: GenerationDeps,
  composed: Composed,
  asked: AskedRequest,
  place: UserPlace,
  interaction: Interaction,
): Promise<Job[] | undefined> {
  try {
    const rows = readModels();
    const { output = asked.options.output } = composed;
    const named = output ? await fileNamedBy(output) : asked.file;
    const request = inFormatOf(named, composed, rows, output === undefined);
    checkRequest(request, asked.options, rows);
    // The free checks come first: preparing references takes a while, and may ask the user.
    const going = goingOf(request, asked);
    const location =
      (await locationFor(going, place, deps.ownFolder)) ??
      locationIn(await interaction.provideFolder());
    await requireNetwork(deps, interaction);
    await interaction.consentToPay(request);
    const references = await prepareReferences(deps, request, interaction);
    const wanted = toJobs({ ...request, references }, location, rows);
    const { file, shape } = asked;
    const removePlaceholder =
      file && !composed.output ? await placeholderFor(deps, file, request, shape) : undefined;
    try {
      return await deps.engine.whenFree(() => deps.engine.add(wanted));
    } catch (thrown) {
      await removePlaceholder?.().catch(() => undefined);
      throw thrown;
    }
  } catch (thrown) {
    interaction.report(thrown);
    return undefined;
  }
}

/** A folder takes any format. */
async function fileNamedBy(output: Uri): Promise<Uri | undefined> {
  return (await isNamedFile(output)) ? output : undefined;
}
