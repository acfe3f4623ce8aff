import type { Tree } from '@lezer/common';
import type { LanguageName } from '../languageIds.ts';
import { linksOf } from './linksOf.ts';
import { loadParsers } from './loadParsers.ts';
import { partOfText } from './partOfText.ts';
import { practiceTexts } from './practice.ts';
import { doInSlices } from './steps.ts';
import type { Span, WrittenLink } from './writtenLink.ts';

/** A longer document is not read as a whole. */
export const maxDocumentChars = 1_000_000;
/** Documents that are remembered, which is what editors show side by side. */
const maxDocuments = 8;
/** No document's address. */
const practiceKey = 'practice';

interface ReadDocument {
  text: string;
  language: LanguageName;
  links: Promise<readonly WrittenLink[] | undefined>;
  parsed?: { text: string; tree: Tree };
}

export interface LinkReader {
  /**
   * All links of a document; the same for the same text, without reading it again. Undefined for one
   * that is longer than `maxDocumentChars`, or made to be slow.
   * @param key names the document, so that only what changed in it is parsed again
   * @param restMs between the slices in which it is read, when nobody waits for the links
   * @throws the reason of the signal
   */
  read: (
    key: string,
    text: string,
    language: LanguageName,
    signal?: AbortSignal,
    restMs?: number,
  ) => Promise<readonly WrittenLink[] | undefined>;
  /**
   * The links of a part of a document, as reading the whole would find them, in the whole's offsets.
   * @param part begins where a line does
   */
  readPart: (
    key: string,
    text: string,
    part: Span,
    language: LanguageName,
  ) => Promise<readonly WrittenLink[]>;
  /** Reads a little of a language, so that whoever next waits for it waits less. */
  practise: (language: LanguageName) => Promise<void>;
  /** Of a document that was closed. */
  forget: (key: string) => void;
}

export function createLinkReader(): LinkReader {
  const documents = new Map<string, ReadDocument>();

  async function readAll(document: ReadDocument, signal?: AbortSignal, restMs?: number) {
    const { text, language, parsed } = document;
    const parsers = await loadParsers(language, text);
    const keep = (ofText: string, tree: Tree): void => {
      document.parsed = { text: ofText, tree };
    };
    const known = parsed ? { before: parsed, keep } : { keep };
    return doInSlices(linksOf(text, language, parsers, known), signal, restMs);
  }

  const read: LinkReader['read'] = async (key, text, language, signal, restMs) => {
    if (text.length > maxDocumentChars) return undefined;
    const last = documents.get(key);
    documents.delete(key);
    if (last?.text === text && last.language === language) {
      documents.set(key, last);
      try {
        return await last.links;
      } catch (error) {
        if (signal?.aborted === true) throw error;
        // What made another one stop is no answer; it is read anew.
        return await read(key, text, language, signal, restMs);
      }
    }
    const isSameLanguage = last?.parsed !== undefined && last.language === language;
    const document: ReadDocument = {
      text,
      language,
      links: Promise.resolve([]),
      ...(isSameLanguage && last.parsed && { parsed: last.parsed }),
    };
    document.links = readAll(document, signal, restMs);
    documents.set(key, document);
    for (const oldest of documents.keys())
      if (documents.size > maxDocuments) documents.delete(oldest);
    try {
      return await document.links;
    } catch (error) {
      // The next one who asks is not answered with what made this one stop.
      if (documents.get(key) === document) documents.delete(key);
      throw error;
    }
  };
  const readPart: LinkReader['readPart'] = async (key, text, part, language) => {
    const { text: composed, inWhole } = partOfText(text, part, language);
    return inWhole((await read(nearKey(key), composed, language)) ?? []);
  };
  const forget: LinkReader['forget'] = (key) => {
    documents.delete(key);
    documents.delete(nearKey(key));
  };
  return {
    read,
    readPart,
    async practise(language) {
      for (const text of practiceTexts(language))
        await readPart(practiceKey, text, [1, text.length], language);
      forget(practiceKey);
    },
    forget,
  };
}

function nearKey(key: string): string {
  return `${key} near`;
}
