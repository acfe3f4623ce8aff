import * as vscode from 'vscode';
import { isSameShape, type Pixels } from '../evolink/models/sizes.ts';
import { sourceSize } from '../generation/sourceSize.ts';
import { hasExtension, resultExtensions } from '../images/imageExtensions.ts';
import type { FollowedShape } from '../generation/followedShape.ts';
import type { MissingImage } from './missing.ts';

/** So many images of a folder tell what the others are like. */
const maxOthers = 8;

/**
 * The proportions of an image that is not there yet: those that its link or its name ask for, else
 * those of most images in its folder.
 */
export async function shapeFor({ file, size }: MissingImage): Promise<FollowedShape | undefined> {
  const { width, height } = size ?? {};
  if (width && height) return { width, height, from: 'link' };
  const others = await Promise.all((await imagesBeside(file)).map((uri) => sourceSize([uri])));
  const beside = mostCommon(others.filter((each) => each !== undefined));
  return beside && { ...beside, from: 'imagesBeside' };
}

async function imagesBeside(file: vscode.Uri): Promise<string[]> {
  const folder = vscode.Uri.joinPath(file, '..');
  try {
    const names = await vscode.workspace.fs.readDirectory(folder);
    return names
      .filter(
        ([name, type]) => type === vscode.FileType.File && hasExtension(name, resultExtensions),
      )
      .slice(0, maxOthers)
      .map(([name]) => vscode.Uri.joinPath(folder, name).toString());
  } catch {
    return [];
  }
}

/** Of more than half of at least two. */
function mostCommon(sizes: readonly Pixels[]): Pixels | undefined {
  const words = ({ width, height }: Pixels) => `${String(width)}x${String(height)}`;
  return sizes.find((size) => {
    const alike = sizes.filter((other) => isSameShape(words(size), words(other)));
    return alike.length >= 2 && alike.length > sizes.length / 2;
  });
}
