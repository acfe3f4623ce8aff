import assert from 'node:assert/strict';
import { AppError } from '../../../src/appError.ts';
import { imageMarkup } from '../../../src/document/imageMarkup.ts';
import { languages } from '../../../src/document/languages.ts';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import { pathOfLink, pathsOfLink, webAddressOfLink } from '../../../src/document/linkTargets.ts';
import { wholeLine } from '../../../src/editor/say/plainLine.ts';
import { parseError } from '../../../src/evolink/errorAnswer.ts';
import { keyRedactor } from '../../../src/evolink/keyRedactor.ts';
import { promptLength } from '../../../src/evolink/models/promptLength.ts';
import { parseKey } from '../../../src/evolink/keyText.ts';
import { isExempt } from '../../../src/evolink/noProxy.ts';
import { withoutPassword } from '../../../src/evolink/proxyAddress.ts';
import { parseTask } from '../../../src/evolink/schema.ts';
import { isWebUrl } from '../../../src/evolink/webUrl.ts';
import {
  exactName,
  fileNameOf,
  legalName,
  type NameFacts,
  shortenedBase,
  slugOf,
  unknownVariables,
} from '../../../src/images/fileName.ts';
import { hasExtension } from '../../../src/images/imageExtensions.ts';
import { findSvgRoot } from '../../../src/images/svgRoot.ts';
import { svgSize } from '../../../src/images/svgSize.ts';
import { fileUriOf, pathOfFileUri } from '../../../src/jobs/fileUri.ts';
import {
  checkNameTemplate,
  editNameTemplate,
  fileNameOfOutput,
  isPathInside,
} from '../../../src/requests/outputRules.ts';
import { expandDirectory } from '../../../src/requests/expandDirectory.ts';
import { parseVariables } from '../../../src/requests/settingVariables.ts';
import { referenceKind } from '../../../src/requests/referenceKind.ts';
import { pageHtml } from '../../../src/shared/pageHtml.ts';
import { mentionAt, urisOf } from '../../../src/webview/studio/compose/referenceOrder.ts';
import { tooSlow } from '../../support/processorTime.ts';
import { textOf } from './hostileTexts.ts';

const chars = 100_000;
const limitMs = 50;

const factsOf = (text: string): NameFacts => ({
  prompt: text,
  taskId: text,
  jobId: text,
  model: text,
  size: text,
  quality: text,
  variation: 1,
  at: new Date(0),
});

const folder = { name: 'a', uri: { path: '/a' } };
const directoryFacts = { folder, folders: [folder], home: '/home/me', env: {}, isWindows: false };

/** What reads texts of others, apart from schemas. */
const functions: Record<string, (text: string) => unknown> = {
  fileNameOf: (text) => fileNameOf(text, factsOf('x')),
  'fileNameOf a job': (text) =>
    fileNameOf('${prompt}${promptSlug}${taskId}${model}${size}'.repeat(20), factsOf(text)),
  legalName,
  exactName: (text) => exactName(text, true),
  shortenedBase,
  slugOf,
  unknownVariables,
  hasExtension: (text) => hasExtension(text, ['.png']),
  parseVariables,
  expandDirectory: (text) => expandDirectory(text, directoryFacts),
  'expandDirectory on Windows': (text) =>
    expandDirectory(text, { ...directoryFacts, isWindows: true }),
  findSvgRoot,
  'findSvgRoot behind a doctype': (text) => findSvgRoot(`<!DOCTYPE svg [${text}`),
  'findSvgRoot of attributes': (text) => findSvgRoot(`<svg ${text}`),
  'findSvgRoot of an attribute': (text) => findSvgRoot(`<svg a="b" a=${text}`),
  svgSize: (text) =>
    svgSize({
      attributes: new Map([
        ['width', text],
        ['viewBox', text],
      ]),
    }),
  'expandDirectory in a document': (text) =>
    expandDirectory('${documentDirName}', { ...directoryFacts, documentPath: `/a/${text}` }),
  checkNameTemplate: (text) => {
    checkNameTemplate('output.fileName', text);
  },
  editNameTemplate: (text) => editNameTemplate('${name}'.repeat(20), text),
  fileNameOfOutput,
  isPathInside: (text) => isPathInside(text, '/a'),
  referenceKind,
  isWebUrl,
  promptLength,
  withoutPassword,
  isExempt: (text) => isExempt('https://10.0.0.1/', text.split(' ')),
  'isExempt of a name': (text) => isExempt('https://a.example/', [text]),
  parseKey,
  'parseKey in a text': (text) => parseKey(text.slice(0, 60_000)),
  fileUriOf,
  pathOfFileUri: (text) => pathOfFileUri(`file:///${text}`),
  pathOfLink,
  webAddressOfLink,
  pathsOfLink: (text) =>
    pathsOfLink(
      { target: text, isImage: true, isPath: true },
      { documentPath: '/a/b/c/d.md', folderPath: '/a' },
    ),
  ...(Object.fromEntries(
    (Object.keys(languages) as LanguageName[]).flatMap((name) => [
      [`imageMarkup in ${name}`, (text: string) => imageMarkup(name, [{ path: text, alt: text }])],
      [
        `imageMarkup around in ${name}`,
        (text: string) =>
          imageMarkup(name, [{ path: 'a', alt: 'b' }], { before: text, after: text }),
      ],
    ]),
  ) as Record<string, (text: string) => string>),
  wholeLine,
  parseTask: (text) => parseTask({ id: 't', status: text, error: { code: text, message: text } }),
  parseError: (text) => parseError({ status: 400, body: text }),
  'parseError of JSON': (text) => parseError({ status: 400, body: { error: { message: text } } }),
  keyRedactor: keyRedactor('sk-a aaa///...((('),
  pageHtml: (text) =>
    pageHtml({ title: text, language: 'en', cspSource: 'x', script: 'x', sources: {} }),
  mentionAt: (text) => mentionAt(text, text.length),
  urisOf,
};

const units = [
  ...['a', ' ', '\n', '.', '-', '/', '\\', '(', '[', '<', '"', '%', '@', '#', '\u0000'],
  ...['\u0301', '\u4e2d', '\ud83e\udd8a', '\u202e', '\ud800'],
  ...['${', '${a', '${a}', '${name}', '![', '![[', '![a](', '[a]: ', '<img ', 'url(', '%25', '%41'],
  ...['<!--', '<?', '<!DOCTYPE ', 'a="b" ', '0 0 9 9 ', '1e'],
  ...['](', '$(', '&#x', '\t ', '\u200b', '{{'],
  ...['../', '. ', 'a.', '@a ', 'a,', ' (request id: a)', '(request id: ', 'file:///', 'https://'],
];

/** What is not understood is refused, which takes its time too. */
function readOrRefuse(read: (text: string) => unknown, text: string): void {
  try {
    read(text);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
  }
}

describe('functions that read texts of others', () => {
  for (const [name, read] of Object.entries(functions)) {
    it(`take less than 50 ms for 100,000 hostile characters: ${name}`, function () {
      this.timeout(60_000);
      for (const unit of units) {
        const hostile = { beginning: '', unit, end: '\u0001x' };
        const work = (length: number) => readOrRefuse(read, textOf(hostile, length));
        assert.equal(tooSlow(work, chars, limitMs), undefined, JSON.stringify(unit));
      }
    });
  }
});
