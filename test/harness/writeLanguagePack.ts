import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Gives an editor this display language. Real language packs are not in the package registry; this
 * one is empty: the editor's own texts stay English, while `vscode.env.language` and the texts of
 * extensions are in the requested language.
 */
export async function writeLanguagePack(userDataDir: string, locale: string): Promise<void> {
  const translations = join(userDataDir, 'language-pack.json');
  await mkdir(userDataDir, { recursive: true });
  await writeFile(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: `empty-${locale}`,
    label: locale,
    extensions: [{ extensionIdentifier: { id: 'image-studio-tests.empty' }, version: '1.0.0' }],
    translations: { vscode: translations },
  };
  await writeFile(join(userDataDir, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}
