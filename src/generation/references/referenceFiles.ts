import { posix } from 'node:path';
import * as vscode from 'vscode';
import { readModels } from '../../editor/settings.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { checkImageBytes, checkImageFile } from '../../images/checkImage.ts';
import { isDecodable, maxImageBytes } from '../../images/imageLimits.ts';
import { BadImageError, type ImageFacts } from '../../images/imageFacts.ts';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import type { SentType } from '../../requests/uploadConsent.ts';
import { oneLine } from '../../editor/say/plainLine.ts';
import { fillIn } from '../../editor/say/fillIn.ts';

/** What the provider takes as it is (its page); the rest is turned into PNG first. */
const sentAsTheyAre: readonly SentType[] = ['png', 'jpg', 'webp'];

/** A file that may be a reference, or has to be changed before it may. */
export interface CheckedReference {
  uri: vscode.Uri;
  type: ImageFacts['type'];
  width: number;
  height: number;
  sizeBytes: number;
  /** The most that the provider takes. */
  maxBytes: number;
  /** Why it cannot be sent as it is. */
  needs?: 'png' | 'smaller';
}

/** The file's own name; of a web address without one, its host. */
export function nameOf(uri: vscode.Uri): string {
  return posix.basename(uri.path) || uri.authority;
}

/** The same for sentences. */
export function displayNameOf(uri: vscode.Uri): string {
  return oneLine(nameOf(uri));
}

/**
 * Looks at a file a user wants changed: that it is there, and an image by its bytes.
 * @throws LocalizedError naming the file.
 */
export async function checkReference(uri: vscode.Uri, modelId: string): Promise<CheckedReference> {
  const sizeBytes = await sizeOf(uri);
  if (sizeBytes === 0) throw bad(fillIn(vscode.l10n.t('{0} is empty.'), displayNameOf(uri)));
  if (sizeBytes > maxImageBytes) throw bad(tooLargeMessage(uri));
  const { type, width, height } = await inspect(uri);
  // What is drawn at any size is drawn at one that can be.
  if (type !== 'svg' && !isDecodable({ width, height }))
    throw bad(
      fillIn(
        vscode.l10n.t('{0} has {1} × {2} pixels, more than can be drawn. Choose a smaller image.'),
        displayNameOf(uri),
        width,
        height,
      ),
    );
  const rules = findModel(modelId, readModels())?.references;
  const { maxBytes = Infinity, maxPixels = Infinity } = rules ?? {};
  const checked = { uri, type, width, height, sizeBytes, maxBytes };
  const sent: readonly ImageFacts['type'][] = rules?.formats ?? sentAsTheyAre;
  if (!sent.includes(type)) return { ...checked, needs: 'png' };
  return sizeBytes > maxBytes || width * height > maxPixels
    ? { ...checked, needs: 'smaller' }
    : checked;
}

/** The format in which an image is sent. */
export function sentTypeOf(type: ImageFacts['type']): SentType {
  return sentAsTheyAre.find((sent) => sent === type) ?? 'png';
}

async function sizeOf(uri: vscode.Uri): Promise<number> {
  let facts: vscode.FileStat;
  try {
    facts = await vscode.workspace.fs.stat(uri);
  } catch {
    throw bad(
      fillIn(vscode.l10n.t('{0} does not exist any more, or cannot be read.'), displayNameOf(uri)),
    );
  }
  if ((facts.type & vscode.FileType.Directory) !== 0)
    throw bad(fillIn(vscode.l10n.t('{0} is a folder. Choose an image.'), displayNameOf(uri)));
  return facts.size;
}

async function inspect(uri: vscode.Uri): Promise<ImageFacts> {
  try {
    if (uri.scheme === 'file') return await checkImageFile(uri.fsPath);
    return await checkImageBytes(await vscode.workspace.fs.readFile(uri));
  } catch (thrown) {
    if (thrown instanceof BadImageError) throw bad(badImageMessage(thrown, displayNameOf(uri)));
    throw bad(fillIn(vscode.l10n.t('{0} cannot be read.'), displayNameOf(uri)));
  }
}

function tooLargeMessage(uri: vscode.Uri): string {
  return fillIn(
    vscode.l10n.t('{0} is larger than {1} MB. Choose a smaller image.'),
    displayNameOf(uri),
    maxImageBytes / 1024 / 1024,
  );
}

function badImageMessage({ foundType }: BadImageError, name: string): string {
  return foundType === undefined
    ? fillIn(vscode.l10n.t('{0} is not an image, or not a whole one.'), name)
    : fillIn(
        vscode.l10n.t('{0} is a {1} image, whatever its name. Save it as PNG or JPEG first.'),
        name,
        foundType.toUpperCase(),
      );
}

function bad(message: string): LocalizedError {
  return new LocalizedError('badRequest', message);
}
