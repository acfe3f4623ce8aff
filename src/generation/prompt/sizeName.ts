import * as vscode from 'vscode';
import { shapeName } from '../../editor/errors/messages.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import {
  isSameShape,
  parseRatio,
  pixelsOf,
  shapeOf,
  sizeLike,
} from '../../evolink/models/sizes.ts';
import type { FollowedShape } from '../followedShape.ts';

/** A size as a user reads it: its shape, its ratio, and its pixels as far as they are known. */
export function sizeName(row: ModelRow, size: string, resolution?: string): string {
  const pixels = pixelsText(row, size, resolution);
  const shape = shapeLabel(size);
  return pixels === '' ? shape : `${shape} ${pixels}`;
}

/** "Square", "3:2 Landscape"; "Auto" where the model chooses. */
export function shapeLabel(size: string): string {
  const shape = shapeOf(size);
  if (!shape) return vscode.l10n.t('Auto');
  return parseRatio(size) ? `${size} ${shapeName(shape)}` : shapeName(shape);
}

/** "1024 × 1536", "about 2528 × 1680", or nothing. */
export function pixelsText(row: ModelRow, size: string, resolution?: string): string {
  const pixels = pixelsOf(row, size, resolution);
  if (!pixels) return '';
  const text = `${String(pixels.width)} × ${String(pixels.height)}`;
  return pixels.isAbout ? fillIn(vscode.l10n.t('about {0}'), text) : text;
}

/**
 * A size with what it has of what it follows: its proportions, or the nearest that the model draws. Undefined for a size that is neither.
 * @param text how the size is called
 */
export function sizeOfSource(
  { sizes }: Pick<ModelRow, 'sizes'>,
  size: string,
  source: FollowedShape | undefined,
  text = size,
): string | undefined {
  if (!source || size !== sizeLike(sizes, source)) return undefined;
  const { width, height } = source;
  const isSame = isSameShape(size, `${String(width)}x${String(height)}`);
  if (source.from === 'link')
    return isSame
      ? fillIn(vscode.l10n.t('{0}, as the link says'), text)
      : fillIn(vscode.l10n.t('{0}, nearest to the {1} × {2} of the link'), text, width, height);
  if (source.from === 'imagesBeside')
    return isSame
      ? fillIn(vscode.l10n.t('{0}, as the images beside it'), text)
      : fillIn(
          vscode.l10n.t('{0}, nearest to the {1} × {2} of the images beside it'),
          text,
          width,
          height,
        );
  return isSame
    ? fillIn(vscode.l10n.t('{0}, as the source'), text)
    : fillIn(vscode.l10n.t('{0}, nearest to the source of {1} × {2}'), text, width, height);
}
