import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { ErrorCode } from '../appError.ts';
import { reportFailures, runForUser } from '../editor/errors/errorActions.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { checkRealFolder } from '../editor/files/checkRestrictedFolder.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { runWithProgress } from '../editor/say/notifications.ts';
import {
  askForConversion,
  chooseSources,
  imageInFront,
} from '../generation/conversion/askForConversion.ts';
import { ensureMayConvert } from '../generation/conversion/conversionConsent.ts';
import type { ConvertedImage } from '../generation/conversion/convertImage.ts';
import { type ConversionOutcome, convertImages } from '../generation/conversion/convertImages.ts';
import {
  type ConversionPlan,
  planConversions,
  wrongOption,
} from '../generation/conversion/planConversion.ts';
import { tellConverted } from '../generation/conversion/tellConverted.ts';
import { sizesOf, srcsetOf } from '../images/convert/srcset.ts';
import { conversionOptionNames, parseConversionOptions } from '../requests/conversionSchema.ts';
import { maxUriChars } from '../shared/limits.ts';
import type { CommandDeps } from './commandDeps.ts';

/** What the command answers with. */
export interface ConversionResult {
  /** In the order of the sources, and of ascending widths. */
  images: Pick<ConvertedImage, 'uri' | 'width' | 'height' | 'sizeBytes'>[];
  /** Of several sources, those of which not all was made. */
  failures: { uri: vscode.Uri; code: ErrorCode; message: string }[];
  /** Of one source with several widths: values of the attributes, relative to the files' folder. */
  srcset?: string;
  sizes?: string;
}

/** More than anybody selects to convert; each takes about a second. */
const maxSources = 1_000;

/**
 * Makes files of another format or other widths of images; the images stay. Who gives options, as the
 * second argument or behind a list of images, is asked for nothing else.
 */
export async function convertImage(
  deps: CommandDeps,
  ...args: unknown[]
): Promise<ConversionResult> {
  const { given, sources } = readArguments(args);
  return given === undefined
    ? await reportFailures(() => convertForUser(deps, sources), toResult([], noOutcome()))
    : await convertForProgram(deps, sources, given);
}

/** `(image?, options?)`, and as the explorer has it, `(image?, images?, options?)`. */
function readArguments(args: readonly unknown[]): { given: unknown; sources: unknown[] } {
  const [resource, selected, third] = args;
  const second = Array.isArray(selected) ? undefined : selected;
  const given = third ?? second ?? undefined;
  const isNamed = isRecord(resource) && conversionOptionNames.some((name) => name in resource);
  if (given === undefined && isNamed) return { given: resource, sources: [] };
  const many = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : undefined;
  const sources = many ?? [resource];
  return { given, sources: sources.filter((each) => each !== undefined && each !== null) };
}

function isRecord(given: unknown): given is object {
  return (
    typeof given === 'object' &&
    given !== null &&
    !Array.isArray(given) &&
    !(given instanceof vscode.Uri)
  );
}

function isUri(given: unknown): given is vscode.Uri {
  return given instanceof vscode.Uri && given.toString().length <= maxUriChars;
}

/** A link in a text can call this, too: it makes files in what is open, and nowhere else. */
async function convertForProgram(
  { converting }: CommandDeps,
  given: readonly unknown[],
  givenOptions: unknown,
): Promise<ConversionResult> {
  if (!isRecord(givenOptions)) throw wrongOption('');
  const options = parseConversionOptions(givenOptions, isUri);
  if ('wrongField' in options) throw wrongOption(options.wrongField);
  const front = given.length === 0 ? imageInFront() : undefined;
  const sources = front ? [front] : given.filter(isUri);
  if (sources.length === 0 || sources.length < given.length)
    throw new LocalizedError('badRequest', vscode.l10n.t('There is no image to be converted.'));
  checkCount(sources);
  const plans = await planConversions(sources, options);
  for (const { source, target } of plans)
    if (![source, target].every((uri) => vscode.workspace.getWorkspaceFolder(uri)))
      throw new LocalizedError(
        'badRequest',
        vscode.l10n.t('Only images in the folders that are open can be converted by a command.'),
      );
  const folders = plans.map(({ target }) => vscode.Uri.joinPath(target, '..').toString());
  for (const folder of new Set(folders)) await checkRealFolder(folder);
  await ensureMayConvert(plans);
  const outcome = await convertImages(converting, plans, new AbortController().signal);
  const [failure] = outcome.failures;
  if (failure && (outcome.images.length === 0 || plans.length === 1)) throw failure.error;
  return toResult(plans, outcome);
}

function checkCount(sources: readonly vscode.Uri[]): void {
  if (sources.length <= maxSources) return;
  throw new LocalizedError(
    'badRequest',
    fillIn(vscode.l10n.t('At most {0} images can be converted at once.'), maxSources),
  );
}

async function convertForUser(
  deps: CommandDeps,
  given: readonly unknown[],
): Promise<ConversionResult> {
  const selected = given.filter((each) => each instanceof vscode.Uri);
  const sources = selected.length > 0 ? selected : await chooseSources();
  checkCount(sources);
  const options = sources.length > 0 ? await askForConversion() : undefined;
  if (!options) return toResult([], noOutcome());
  return await convertInSight(deps, await planConversions(sources, options));
}

async function convertInSight(
  deps: CommandDeps,
  plans: readonly ConversionPlan[],
): Promise<ConversionResult> {
  const [first] = plans;
  const name = plans.length === 1 && first ? posix.basename(first.source.path) : plans.length;
  const title = fillIn(vscode.l10n.t('Converting {0}'), name);
  const outcome = await runWithProgress(title, async (report, token) => {
    const leaving = new AbortController();
    token.onCancellationRequested(() => leaving.abort());
    return await convertImages(deps.converting, plans, leaving.signal, (source) => {
      if (plans.length > 1) report(posix.basename(source.path), 100 / plans.length);
    });
  });
  const [failure] = outcome.failures;
  if (failure && plans.length === 1) throw failure.error;
  const result = toResult(plans, outcome);
  const { srcset, sizes } = result;
  const attributes =
    srcset === undefined || sizes === undefined ? undefined : `srcset="${srcset}" sizes="${sizes}"`;
  const files = plans.map(({ source }) => source).concat(result.images.map(({ uri }) => uri));
  const ofOne = {
    insert: () => deps.insertFilesOfImage(files),
    ...(attributes !== undefined && { srcset: attributes }),
  };
  // Of one image that was cancelled there is nothing to say.
  if (plans.length > 1 || outcome.untried.length === 0)
    tellConverted(
      outcome,
      (rest) => {
        runForUser(() => convertInSight(deps, rest));
      },
      plans.length === 1 ? ofOne : undefined,
    );
  return result;
}

function noOutcome(): ConversionOutcome {
  return { images: [], failures: [], untried: [] };
}

function toResult(
  plans: readonly ConversionPlan[],
  { images, failures }: ConversionOutcome,
): ConversionResult {
  const result = {
    images: images.map(({ uri, width, height, sizeBytes }) => ({ uri, width, height, sizeBytes })),
    failures: failures.map(({ plan: { source: uri }, error: { code, message } }) => ({
      uri,
      code,
      message,
    })),
  };
  const [only, another] = plans;
  if (!only?.isSet || another || images.length === 0) return result;
  const files = images.map(({ uri, width }) => ({ path: posix.basename(uri.path), width }));
  return { ...result, srcset: srcsetOf(files), sizes: sizesOf(files) };
}
