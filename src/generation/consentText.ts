import * as vscode from 'vscode';
import { fillIn, nested } from '../editor/say/fillIn.ts';
import { fullSettingName, readKeepUploads, readRemoveMetadata } from '../editor/settings.ts';
import type { SentImage, SentType } from '../requests/uploadConsent.ts';
import { formatBytes } from '../shared/formatBytes.ts';

/** More names than this are not read before one agrees. */
const maxNamed = 8;

/** What a user is asked before images are sent. */
export function consentQuestion(images: readonly SentImage[]): string {
  const [first] = images;
  if (images.length !== 1 || !first)
    return fillIn(vscode.l10n.t('Upload {0} images to EvoLink?'), images.length);
  return first.kind === 'file'
    ? fillIn(vscode.l10n.t('Upload {0} to EvoLink?'), first.path)
    : fillIn(vscode.l10n.t('Let EvoLink fetch {0}?'), first.path);
}

/** Which images in particular; who can read them, and for how long. One paragraph each. */
export function consentDetail(images: readonly SentImage[]): string[] {
  const files = images.filter(({ kind }) => kind === 'file');
  const named = images.slice(0, maxNamed).map(imageLine);
  const more = images.length - named.length;
  return [
    ...named,
    ...(more > 0 ? [fillIn(vscode.l10n.t('… and {0} more'), more)] : []),
    ...(files.length > 0 ? [uploadDetail(), ...leftOutDetail(files)] : []),
  ];
}

function imageLine({ path, realPath, sizeBytes }: SentImage): string {
  const file =
    realPath === undefined
      ? fillIn('{0}', path)
      : fillIn(vscode.l10n.t('{0}, a link to {1}'), path, realPath);
  if (sizeBytes === undefined) return file;
  const size = formatBytes(vscode.env.language, sizeBytes);
  return fillIn(vscode.l10n.t('{0} ({1})'), nested(file), size);
}

const sentTypes: readonly SentType[] = ['png', 'jpg', 'webp'];

/** What is not sent of which format. Of images that nobody looked at, all formats are told. */
function leftOutDetail(files: readonly SentImage[]): string[] {
  if (!readRemoveMetadata()) return [allSentDetail()];
  return sentTypes
    .filter((type) => files.some((file) => (file.type ?? type) === type))
    .map(leftOutOf);
}

function allSentDetail(): string {
  return fillIn(
    vscode.l10n.t(
      'The whole files are sent, with the places, camera data, texts and workflows that are in them, because of the setting {0}.',
    ),
    fullSettingName('removeMetadata'),
  );
}

function leftOutOf(type: SentType): string {
  switch (type) {
    case 'png':
      return vscode.l10n.t(
        "Left out of PNG: texts, prompts and workflows, Exif with places, XMP, times, provenance (C2PA), other programs' data, and what stands behind the image's end.",
      );
    case 'jpg':
      return vscode.l10n.t(
        "Left out of JPEG: Exif with places and thumbnails, XMP, IPTC, comments, provenance (C2PA), other programs' data, and what stands behind the image's end.",
      );
    case 'webp':
      return vscode.l10n.t(
        "Left out of WebP: Exif with places, XMP, provenance (C2PA), other programs' data, and what stands behind the image's end.",
      );
  }
}

function uploadDetail(): string {
  return readKeepUploads()
    ? fillIn(
        vscode.l10n.t(
          "Images are copied to EvoLink's file service, where anyone with their link can read them. They stay there until EvoLink deletes them after 72 hours, because of the setting {0}.",
        ),
        fullSettingName('keepUploads'),
      )
    : vscode.l10n.t(
        "Images are copied to EvoLink's file service, where anyone with their link can read them for at most 72 hours. They are deleted there as soon as the new image is done.",
      );
}
