import type { Span } from './writtenLink.ts';

export interface SrcsetPart {
  whole: Span;
  url: Span;
  descriptor: string;
}

/**
 * The images of a `srcset`, as browsers divide it: an address ends with white space, and a comma at
 * its end, or behind its descriptor, begins the next.
 * @param from where the value stands in its document, for the spans
 */
export function srcsetParts(value: string, from: number): SrcsetPart[] {
  const parts: SrcsetPart[] = [];
  let index = 0;
  const skip = (pattern: RegExp): number => {
    while (index < value.length && pattern.test(value.charAt(index))) index += 1;
    return index;
  };
  for (;;) {
    const begin = skip(/[\s,]/);
    if (begin === value.length) return parts;
    let end = skip(/\S/);
    let descriptor = '';
    if (value.charAt(end - 1) === ',') {
      while (value.charAt(end - 1) === ',') end -= 1;
    } else {
      const comma = value.indexOf(',', end);
      index = comma < 0 ? value.length : comma;
      descriptor = value.slice(end, index).trim();
      // Without white space, as in `a.png,b.png`, nothing else would part them.
    }
    const wholeEnd = Math.max(end, index - (/,$/.test(value.slice(begin, index)) ? 1 : 0));
    parts.push({
      whole: [from + begin, from + (descriptor === '' ? end : wholeEnd)],
      url: [from + begin, from + end],
      descriptor,
    });
  }
}
