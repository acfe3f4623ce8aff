import * as vscode from 'vscode';
import { LocalizedError } from './errors/localizedError.ts';
import type { UploadChoice } from '../requests/uploadConsent.ts';
import { type ModelRow, parseRows } from '../evolink/models/modelRow.ts';
import { maxWidthPx, outputFormats } from '../images/convert/outputFormat.ts';
import type { ResultConversion } from '../jobs/resultFiles.ts';
import { shippedModels } from '../evolink/models/shippedModels.ts';
import { settingDefaults, type SettingName, settingsPrefix } from './contributions.ts';
import { fillIn } from './say/fillIn.ts';

/** Longer than a folder or a name that can be on a disk, with variables in it. */
const maxSettingChars = 1_000;

/** A setting as it stands, whatever its type turns out to be. */
function read(name: SettingName, scope?: vscode.Uri): unknown {
  return vscode.workspace.getConfiguration(settingsPrefix, scope).get<unknown>(name);
}

function readString(
  name: Exclude<SettingName, 'styles' | 'models' | 'document.templates'>,
  scope?: vscode.Uri,
): string {
  const value = read(name, scope);
  const fallback = settingDefaults[name];
  if (typeof value !== 'string' || value.length > maxSettingChars) return String(fallback);
  return value.trim() || String(fallback);
}

/**
 * A base URL. Machine-scoped, and read so: a value of a workspace never counts, because the key is
 * sent there. @throws LocalizedError naming the setting.
 */
export function readBaseUrl(name: 'apiBaseUrl' | 'filesBaseUrl'): string {
  const inspected = vscode.workspace.getConfiguration(settingsPrefix).inspect<unknown>(name);
  const value = inspected?.globalValue ?? settingDefaults[name];
  if (typeof value !== 'string' || value.length > maxSettingChars || !URL.canParse(value.trim())) {
    const message = fillIn(
      vscode.l10n.t('The setting {0} is not a web address. Use one like {1}.'),
      `${settingsPrefix}.${name}`,
      settingDefaults[name],
    );
    throw new LocalizedError('badRequest', message, fullSettingName(name));
  }
  const url = new URL(value.trim());
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))
    return url.href.replace(/(?<!\/)\/+$/, '');
  const text = fillIn(
    vscode.l10n.t('The setting {0} must begin with https://, because your API key is sent there.'),
    `${settingsPrefix}.${name}`,
  );
  throw new LocalizedError('badRequest', text, fullSettingName(name));
}

export interface ImageDefaults {
  model: string;
  size: string;
  quality: string;
  /** Empty for that of the model. */
  resolution: string;
}

export function readImageDefaults(scope?: vscode.Uri): ImageDefaults {
  return {
    model: readString('model', scope),
    size: readString('size', scope),
    quality: readString('quality', scope),
    resolution: readString('resolution', scope),
  };
}

/** The models that can be used: those of the product, then those of the setting that are right. */
export function readModels(): readonly ModelRow[] {
  return [...shippedModels, ...readOwnModels().rows];
}

/** Rows of one's own, and what is wrong with those that are left out. */
export function readOwnModels(): ReturnType<typeof parseRows> {
  return parseRows(read('models'), shippedModels);
}

export function readOutput(scope?: vscode.Uri): {
  directory: string;
  fileName: string;
  openAfterSave: boolean;
} {
  return {
    directory: readString('output.directory', scope),
    fileName: readString('output.fileName', scope),
    openAfterSave: read('output.openAfterSave', scope) !== false,
  };
}

/** The quality of images that are converted: 1–100. */
export function readOutputQuality(scope?: vscode.Uri): number {
  return readWholeNumber('output.quality', 1, 100, scope);
}

/** How files that are made of results are written, whatever their format is. */
export function readEncoding(scope?: vscode.Uri): Pick<ResultConversion, 'quality' | 'maxWidth'> {
  const maxWidth = readWholeNumber('output.maxWidth', 0, maxWidthPx, scope);
  return { quality: readOutputQuality(scope), ...(maxWidth > 0 && { maxWidth }) };
}

/**
 * The file that is to be made of each result; undefined leaves results as they come.
 * @throws LocalizedError naming the setting, for a format that is not written here
 */
export function readResultConversion(scope?: vscode.Uri): ResultConversion | undefined {
  const given = readString('output.format', scope);
  const isOriginal = given === settingDefaults['output.format'];
  const format = outputFormats.find((each) => each === given);
  if (!format && !isOriginal) {
    const message = fillIn(
      vscode.l10n.t('The setting {0} is {1}, which cannot be written here. Choose {2} or {3}.'),
      `${settingsPrefix}.output.format`,
      given,
      'webp, jpeg, png',
      'original',
    );
    throw new LocalizedError('badRequest', message, fullSettingName('output.format'));
  }
  const encoding = readEncoding(scope);
  if (!format && encoding.maxWidth === undefined) return undefined;
  return {
    ...(format && { format }),
    ...encoding,
    ...(read('output.keepOriginal', scope) === false && { replacesOriginal: true }),
  };
}

function readWholeNumber(
  name: 'output.quality' | 'output.maxWidth',
  least: number,
  most: number,
  scope?: vscode.Uri,
): number {
  const value = read(name, scope);
  if (typeof value !== 'number' || !Number.isFinite(value)) return settingDefaults[name];
  return Math.min(most, Math.max(least, Math.floor(value)));
}

/** How many tasks may be under way at once: 1–16. */
export function readMaxConcurrent(): number {
  const value = read('maxConcurrentTasks');
  if (typeof value !== 'number' || !Number.isFinite(value))
    return settingDefaults.maxConcurrentTasks;
  return Math.min(16, Math.max(1, Math.floor(value)));
}

/** Opens the settings at one of ours. */
export async function openSetting(name: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', name);
}

/** The full name of one of our settings. */
export function fullSettingName(name: SettingName): string {
  return `${settingsPrefix}.${name}`;
}

/** Whether references may be uploaded. Anything but a clear yes or no asks. */
export function readUploadReferences(): UploadChoice {
  const value = readString('uploadReferences');
  return value === 'always' || value === 'never' ? value : 'ask';
}

export async function writeUploadReferences(choice: UploadChoice): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(settingsPrefix);
  await configuration.update('uploadReferences', choice, vscode.ConfigurationTarget.Global);
}

/** Whether uploads stay at the provider for as long as it keeps them, to be used again. */
export function readKeepUploads(): boolean {
  return read('keepUploads') === true;
}

/** Whether places and camera data are taken out before an upload. */
export function readRemoveMetadata(): boolean {
  return read('removeMetadata') !== false;
}

/** The name of an edited image, without extension; `${name}` is that of its source. */
export function readEditFileName(scope: vscode.Uri): string {
  return readString('edit.fileName', scope);
}

/** Whether a placeholder stands where an image will be that a link of a text leads to. */
export function readPlaceholder(scope: vscode.Uri): boolean {
  return read('document.placeholder', scope) === true;
}

/** What is written for images by language, whatever it turns out to be. */
export function readTemplates(scope: vscode.Uri | undefined): unknown {
  return read('document.templates', scope);
}
