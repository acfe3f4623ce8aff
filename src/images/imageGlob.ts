import { imageExtensions } from './imageExtensions.ts';

/** Finds images in all folders; a file system may tell .Jpg from .jpg. */
export const imageGlob = `**/*.{${imageExtensions.map(inAnyCase).join(',')}}`;

function inAnyCase(extension: string): string {
  return extension.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** For the filter of a dialog; some dialogs tell .JPG from .jpg. */
export const dialogExtensions: readonly string[] = [
  ...imageExtensions,
  ...imageExtensions.map((extension) => extension.toUpperCase()),
];
