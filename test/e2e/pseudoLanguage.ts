import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../harness/cacheFolder.ts';

/** A language nobody speaks: what is not in it was never translated. */
export const pseudoLocale = 'qps-ploc';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const accented = 'áƀçďéƒĝĥíĵķłɱñöƥɋřšţüṽŵẋýžÁƁÇĎÉƑĜĤÍĴĶŁṀÑÖƤǪŘŠŢÜṼŴẊÝŽ';
/** Places for values, symbols, variables and commands stay as they are. */
const fixed = /(\{\d+\}|\$\([^)]*\)|\$\{\w+\}|\]\(command:[^)]*\)|`[^`]*`)/;

/** A text in that language: "⟦Ĝéñéřáţé⟧". */
export function pseudo(text: string, ...values: string[]): string {
  const parts = text.split(fixed).map((part, index) => (index % 2 === 0 ? accent(part) : part));
  return `⟦${parts.join('')}⟧`.replaceAll(/\{(\d+)\}/g, (whole, at: string) => {
    return values[Number(at)] ?? whole;
  });
}

function accent(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) => accented.charAt(letters.indexOf(letter)));
}

/** Adds it to the installed extension. */
export async function writePseudoLanguage(dataDir: string): Promise<void> {
  const folder = join(dataDir, 'extensions');
  const name = (await readdir(folder)).find((each) => each.startsWith('image-studio.'));
  if (name === undefined) throw new Error(`The extension is not in ${folder}`);
  for (const file of ['l10n/bundle.l10n.json', 'package.nls.json']) {
    const texts = JSON.parse(await readFile(join(projectFolder, file), 'utf8')) as object;
    const translated = Object.entries(texts).map(([key, text]) => [key, pseudo(String(text))]);
    const path = join(folder, name, file.replace(/json$/, `${pseudoLocale}.json`));
    await writeFile(path, JSON.stringify(Object.fromEntries(translated)));
  }
}
