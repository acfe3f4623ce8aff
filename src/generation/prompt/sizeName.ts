import * as vscode from 'vscode';
import { shapeName } from '../../editor/errors/messages.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { parseRatio, pixelsOf, shapeOf } from '../../evolink/models/sizes.ts';

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
