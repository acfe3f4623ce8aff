import { isInTarget, type Around } from './cursorPlace.ts';
import { imagePlace } from './blocks/imagePlace.ts';
import type { PagePart } from './blocks/tagPlace.ts';
import type { ImagePlace } from './blocks/textBlock.ts';
import { imageMarkup, type ImageLink, type OwnForm } from './imageMarkup.ts';
import type { LanguageName } from './languageIds.ts';
import { languages } from './languages.ts';
import type { TextInsertion } from './pipelines/pipelineForm.ts';
import type { TextPlace } from '../editor/files/textPlaces.ts';

/** What is inserted, and where. */
export interface Insertion {
  offset: number;
  text: string;
  /** The part of `text` that links the images. */
  begin: number;
  end: number;
  /** What is imported for it, before it in the text. */
  imports?: TextInsertion;
}

/** So much of a document is read before and after the place, to know what stands there. */
const maxReadChars = 100_000;

/** What is known of the places of a text with tags. */
export interface TagPlaces {
  /** Where an image goes, as `imagePlace` says it of other languages. */
  placeIn: (text: string, offset: number, isBefore: boolean) => ImagePlace | undefined;
  /** The part of a page that an offset is in, where that is of another language. */
  partAt: (text: string, offset: number) => PagePart | undefined;
  /** Whether a block may stand at an offset: there it is no part of a paragraph, a list, a table. */
  takesBlocks: (text: string, offset: number) => boolean;
}

/** How images are linked from a place of a text: as a block of their own in languages with blocks. */
export function insertionAt(
  language: LanguageName | undefined,
  { text, documentPath }: { text: string; documentPath: string | undefined },
  { offset, stood }: { offset: number; stood: TextPlace['stood'] },
  links: readonly ImageLink[],
  ownForm?: OwnForm,
  tagPlaces?: TagPlaces,
): Insertion {
  const part = tagPlaces?.partAt(text, offset);
  if (part) {
    const ofPart = { text: text.slice(part.from, part.to), documentPath };
    const inPart = { offset: offset - part.from, stood };
    const insertion = insertionAt(part.language, ofPart, inPart, links);
    return { ...insertion, offset: insertion.offset + part.from };
  }
  const around = (at: number, lead: string, trail: string): Around => ({
    before: text.slice(Math.max(0, at - maxReadChars), at) + lead,
    after: trail + text.slice(at, at + maxReadChars),
    documentPath,
  });
  const here = around(offset, '', '');
  const isTarget = language !== undefined && isInTarget(languages[language].links, here);
  const place =
    language === undefined || isTarget
      ? undefined
      : (tagPlaces?.placeIn(text, offset, stood === 'onEmptyLine') ??
        imagePlace(language, text, offset, stood === 'onEmptyLine'));
  // Behind a selection, which may be the prompt and must stay, a line begins.
  const {
    lead,
    trail,
    offset: at,
  } = place ?? {
    offset,
    lead: stood === 'behindSelection' && !isTarget ? '\n' : '',
    trail: '',
  };
  const takesBlocks = links.length > 1 && tagPlaces?.takesBlocks(text, at) === true;
  const there = { ...around(at, lead, trail), isArgument: place?.isArgument === true };
  const markup = imageMarkup(language, links, there, ownForm, takesBlocks);
  return {
    offset: at,
    text: lead + markup + trail,
    begin: lead.length,
    end: lead.length + markup.length,
  };
}
