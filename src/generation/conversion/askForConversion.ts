import * as vscode from 'vscode';
import { hasExtension, imageExtensions } from '../../images/imageExtensions.ts';
import { formatNames, maxWidthPx, type OutputFormat } from '../../images/convert/outputFormat.ts';
import { maxWidths } from '../../images/convert/srcset.ts';
import { chooseInDialog } from '../../editor/say/notifications.ts';
import { askForText, chooseOne } from '../../editor/say/quickInput.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import type { ConversionOptions } from '../../requests/conversionSchema.ts';

/** What the tab in front shows, when that is an image. */
export function imageInFront(): vscode.Uri | undefined {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  const isImage =
    input instanceof vscode.TabInputCustom && hasExtension(input.uri.path, imageExtensions);
  return isImage ? input.uri : undefined;
}

/** The image in front, or else those that a user chooses; none when the user leaves. */
export async function chooseSources(): Promise<vscode.Uri[]> {
  const front = imageInFront();
  if (front) return [front];
  return await chooseInDialog({
    title: vscode.l10n.t('Choose images to convert'),
    openLabel: vscode.l10n.t('Convert'),
    canSelectMany: true,
    filters: { [vscode.l10n.t('Images')]: [...imageExtensions] },
  });
}

/** Asks for format and width. @returns undefined when the user leaves. */
export async function askForConversion(): Promise<ConversionOptions<vscode.Uri> | undefined> {
  const format = await askForFormat();
  if (!format) return undefined;
  const widths = await askForWidths();
  if (!widths) return undefined;
  return { format, ...widths };
}

async function askForFormat() {
  const order: OutputFormat[] = ['webp', 'jpeg', 'png'];
  const rows = order.map((format) => ({
    label: formatNames[format],
    description: describe(format),
    format,
  }));
  const title = vscode.l10n.t('Convert Image');
  const placeHolder = vscode.l10n.t('The image stays; the new file is saved beside it');
  return (await chooseOne(rows, { title, placeHolder }))?.format;
}

function describe(format: OutputFormat): string {
  switch (format) {
    case 'webp':
      return vscode.l10n.t('Small, with transparency; shown by every browser');
    case 'jpeg':
      return vscode.l10n.t('Small, without transparency');
    case 'png':
      return vscode.l10n.t('Every pixel as it is');
  }
}

async function askForWidths() {
  const several = vscode.l10n.t('Several widths, with a srcset…');
  const rows = [
    { label: vscode.l10n.t('Its own width'), maxWidth: undefined, isSeveral: false },
    ...[640, 1280, 1920].map((width) => ({
      label: fillIn(vscode.l10n.t('At most {0} pixels wide'), width),
      maxWidth: width,
      isSeveral: false,
    })),
    { label: several, maxWidth: undefined, isSeveral: true },
  ];
  const title = vscode.l10n.t('Convert Image');
  const chosen = await chooseOne(rows, { title, placeHolder: vscode.l10n.t('How wide?') });
  if (!chosen) return undefined;
  if (!chosen.isSeveral) return { maxWidth: chosen.maxWidth };
  const text = await askForText(
    { title, prompt: vscode.l10n.t('Widths in pixels, such as 640, 1280, 1920') },
    (value) => (parseWidths(value) ? undefined : vscode.l10n.t('Use numbers such as 640, 1280.')),
  );
  const widths = text === undefined ? undefined : parseWidths(text);
  return widths && { widths };
}

function parseWidths(text: string): number[] | undefined {
  const widths = text.split(',').map((each) => Number(each.trim() || 'none'));
  const areUsable = widths.every(
    (width) => Number.isInteger(width) && width >= 1 && width <= maxWidthPx,
  );
  return areUsable && widths.length <= maxWidths ? widths : undefined;
}
