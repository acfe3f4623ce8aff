import { posix } from 'node:path';
import * as vscode from 'vscode';
import { cancelled } from '../appError.ts';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { displayPath } from '../editor/files/workspaceFiles.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { inform, runWithProgress } from '../editor/say/notifications.ts';
import { readOutputQuality } from '../editor/settings.ts';
import { type ConvertedImage, convertToWidths } from '../generation/conversion/convertImage.ts';
import { askForConversion, chooseSources } from '../generation/conversion/askForConversion.ts';
import { sizesOf, srcsetOf } from '../images/convert/srcset.ts';
import { type ConversionOptions, parseConversionOptions } from '../requests/conversionSchema.ts';
import { maxReferenceUris } from '../shared/limits.ts';
import type { CommandDeps } from './commandDeps.ts';

/** What the command answers with. */
export interface ConversionResult {
  /** In the order of the sources, and of ascending widths. */
  images: Pick<ConvertedImage, 'uri' | 'width' | 'height' | 'sizeBytes'>[];
  /** Of one source with several widths: values of the attributes, relative to the files' folder. */
  srcset?: string;
  sizes?: string;
}

/** Makes files of another format or other widths of images, beside them. The images stay. */
export async function convertImage(
  deps: CommandDeps,
  resource?: unknown,
  selected?: unknown,
  given?: unknown,
): Promise<ConversionResult> {
  if (given === undefined || given === null)
    return await reportFailures(() => convertForUser(deps, resource, selected), { images: [] });
  const options = parseConversionOptions(given);
  if ('wrongField' in options) throw wrongOption(options.wrongField);
  const sources = sourcesOf(resource, selected);
  if (sources.length === 0)
    throw new LocalizedError('badRequest', vscode.l10n.t('There is no image to be converted.'));
  // A link in a text can call this, too: it makes files in what is open, and nowhere else.
  if (!sources.every((uri) => vscode.workspace.getWorkspaceFolder(uri)))
    throw new LocalizedError(
      'badRequest',
      vscode.l10n.t('Only images in the folders that are open can be converted by a command.'),
    );
  return await convertAll(deps, sources, options, new AbortController().signal);
}

function wrongOption(field: string): LocalizedError {
  const text = field
    ? fillIn(vscode.l10n.t('The option {0} of a conversion cannot be used.'), field)
    : vscode.l10n.t('The options of a conversion cannot be used.');
  return new LocalizedError('badRequest', text);
}

/** What was selected, in its order; else the one clicked. */
function sourcesOf(resource: unknown, selected: unknown): vscode.Uri[] {
  const isUri = (each: unknown) => each instanceof vscode.Uri;
  const many = Array.isArray(selected) ? selected.filter(isUri) : [];
  return (many.length > 0 ? many : [resource].filter(isUri)).slice(0, maxReferenceUris);
}

async function convertForUser(
  deps: CommandDeps,
  resource: unknown,
  selected: unknown,
): Promise<ConversionResult> {
  const given = sourcesOf(resource, selected);
  const sources = given.length > 0 ? given : await chooseSources();
  const [first] = sources;
  if (!first) return { images: [] };
  const options = await askForConversion();
  if (!options) return { images: [] };
  const name = sources.length === 1 ? posix.basename(first.path) : String(sources.length);
  const title = fillIn(vscode.l10n.t('Converting {0}'), name);
  const result = await runWithProgress(title, async (_, token) => {
    const leaving = new AbortController();
    token.onCancellationRequested(() => leaving.abort());
    return await convertAll(deps, sources, options, leaving.signal);
  });
  void offerResult(result);
  return result;
}

async function convertAll(
  { converting }: CommandDeps,
  sources: readonly vscode.Uri[],
  { format, quality, maxWidth, widths, hash = false }: ConversionOptions,
  signal: AbortSignal,
): Promise<ConversionResult> {
  const images: ConvertedImage[] = [];
  for (const source of sources) {
    if (signal.aborted) throw cancelled();
    const made = await convertToWidths(converting, {
      ...{ source, format, signal, isHashed: hash, isSet: widths !== undefined },
      quality: quality ?? readOutputQuality(source),
      widths: widths ?? [maxWidth],
    });
    images.push(...made);
  }
  const result = {
    images: images.map(({ uri, width, height, sizeBytes }) => ({ uri, width, height, sizeBytes })),
  };
  if (!widths || sources.length !== 1) return result;
  const files = images.map(({ uri, width }) => ({ path: posix.basename(uri.path), width }));
  return { ...result, srcset: srcsetOf(files), sizes: sizesOf(files) };
}

/** Does not wait for an answer. */
async function offerResult({ images, srcset, sizes }: ConversionResult): Promise<void> {
  const [first] = images;
  if (!first) return;
  const text =
    images.length === 1
      ? fillIn(vscode.l10n.t('Saved to {0}'), displayPath(first.uri))
      : fillIn(
          vscode.l10n.t('Saved {0} images to {1}'),
          images.length,
          displayPath(vscode.Uri.joinPath(first.uri, '..')),
        );
  const open = vscode.l10n.t('Open');
  const copy = vscode.l10n.t('Copy srcset');
  const buttons = srcset === undefined ? [open] : [copy, open];
  const chosen = await inform(text, ...buttons);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', first.uri);
  if (chosen === copy && srcset !== undefined && sizes !== undefined)
    await vscode.env.clipboard.writeText(`srcset="${srcset}" sizes="${sizes}"`);
}
