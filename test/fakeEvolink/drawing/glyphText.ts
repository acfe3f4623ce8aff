/** Text as SVG paths, from fonts that come as packages: no font of the system is needed. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype from 'opentype.js';
import type { Font, Glyph, Path } from 'opentype.js';

const inter = '@fontsource/inter/files/inter';
/** Tried in this order for every character; opened only when the ones before lack it. */
const fontFiles: readonly string[] = [
  `${inter}-latin-500-normal.woff`,
  `${inter}-latin-ext-500-normal.woff`,
  `${inter}-cyrillic-500-normal.woff`,
  `${inter}-greek-500-normal.woff`,
  `${inter}-vietnamese-500-normal.woff`,
  '@fontsource/zcool-xiaowei/files/zcool-xiaowei-chinese-simplified-400-normal.woff',
];

const requireFile = createRequire(import.meta.url);
const openFonts = new Map<string, Font>();

function openFont(file: string): Font {
  const open = openFonts.get(file);
  if (open !== undefined) return open;
  const { buffer, byteOffset, length } = readFileSync(requireFile.resolve(file));
  const font = opentype.parse(buffer.slice(byteOffset, byteOffset + length));
  openFonts.set(file, font);
  return font;
}

interface FoundGlyph {
  readonly glyph: Glyph;
  readonly font: Font;
}

const glyphs = new Map<string, FoundGlyph | undefined>();

function findGlyph(character: string): FoundGlyph | undefined {
  if (glyphs.has(character)) return glyphs.get(character);
  let found: FoundGlyph | undefined;
  for (const file of fontFiles) {
    const font = openFont(file);
    // Glyph by glyph: opentype.js cannot shape whole strings of this font.
    if (font.charToGlyphIndex(character) > 0) {
      found = { font, glyph: font.charToGlyph(character) };
      break;
    }
  }
  glyphs.set(character, found);
  return found;
}

/** A character no font has, such as an emoji, is an empty box of this width. */
const boxEm = 0.8;

function advanceOf(character: string, size: number): number {
  const found = findGlyph(character);
  if (found === undefined) return boxEm * size;
  return ((found.glyph.advanceWidth ?? 0) * size) / found.font.unitsPerEm;
}

function boxPath(x: number, y: number, size: number): string {
  const [side, line] = [size * 0.6, size * 0.06];
  const [left, top] = [x + size * 0.1, y - size * 0.65];
  const frame = (inset: number): string => {
    const inner = side - inset * 2;
    return `M ${String(left + inset)} ${String(top + inset)} h ${String(inner)} v ${String(inner)} h ${String(-inner)} Z`;
  };
  return `${frame(0)} ${frame(line)}`;
}

/** Not `Path.toPathData`: that makes NaN of coordinates very close to 0. */
function pathData(path: Path): string {
  const parts = path.commands.map((command) => {
    const numbers = Object.entries(command).filter(([name]) => name !== 'type');
    const point = new Map(numbers.map(([name, value]) => [name, Number(value).toFixed(1)]));
    const ordered = ['x1', 'y1', 'x2', 'y2', 'x', 'y'].flatMap((name) => point.get(name) ?? []);
    return `${command.type}${ordered.join(' ')}`;
  });
  return parts.join('');
}

/** Drops what has no shape of its own: joiners and variation marks. */
export function shownCharacters(text: string): string[] {
  return Array.from(text.replace(/\p{Default_Ignorable_Code_Point}/gu, ''));
}

export function textWidth(text: string, size: number): number {
  return shownCharacters(text).reduce((width, letter) => width + advanceOf(letter, size), 0);
}

/** The path of one line, its base line at `y`. Fill it with the even-odd rule. */
export function textPath(text: string, x: number, y: number, size: number): string {
  let at = x;
  const parts = shownCharacters(text).map((character) => {
    const found = findGlyph(character);
    const part =
      found === undefined ? boxPath(at, y, size) : pathData(found.glyph.getPath(at, y, size));
    at += advanceOf(character, size);
    return part;
  });
  return parts.join(' ');
}
