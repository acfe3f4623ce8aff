/** So much a screen reader reads in one breath. */
export const maxAltChars = 125;

const parameter = / --?[a-z]\w{0,30}(?: [^\s-][^\s]{0,100})?| \(?\w{1,30}:\d\.\d{1,2}\)?/gi;
const negative = /(?:^|[.;\n])\s{0,20}negative(?: prompt)?:[^]*$/i;
const noise =
  /^(?:(?:highly|ultra|very|extremely|hyper)[- ])?(?:[48]k|uhd|hd|hdr|raw photo|masterpiece|best quality|high quality|(?:ultra )?high resolution|detailed|sharp focus|photo-?realistic|realistic|award[- ]winning|trending on \w{1,30}|octane render|unreal engine|no \w{1,30}(?: \w{1,30})?)$/i;

/**
 * The words that made an image as a sentence that describes it: whole where they are short, else up to
 * the end of a sentence or a clause. What only steers a model is left out.
 */
export function altFromPrompt(prompt: string): string {
  const words = ` ${prompt.toWellFormed().slice(0, 5_000)}`
    .replace(negative, '')
    .replace(parameter, '')
    .replace(/\s+/g, ' ');
  const clauses = words
    .split(',')
    .filter((clause, index) => index === 0 || !noise.test(clause.trim()));
  return shortened(withoutEnd(clauses.join(',')));
}

/** The words of an edited image: what the source shows, and what was changed in it. */
export function altOfEdit(sourceAlt: string, prompt: string): string {
  const source = sourceAlt.trim().replace(/\.$/, '');
  const change = altFromPrompt(prompt);
  if (source === '' || change === '') return source === '' ? change : source;
  const both = `${source} (${change})`;
  return both.length <= maxAltChars ? both : shortened(source);
}

function withoutEnd(words: string): string {
  let end = words.length;
  while (end > 0 && ',;: '.includes(words.charAt(end - 1))) end -= 1;
  return words.slice(0, end).trim();
}

function shortened(words: string): string {
  if (words.length <= maxAltChars) return words;
  const head = words.slice(0, maxAltChars);
  const ends = ['. ', '! ', '? ', '。', '；', '; ', '，', ', '];
  for (const end of ends) {
    const at = head.lastIndexOf(end);
    if (at >= 20) return head.slice(0, at);
  }
  const space = head.lastIndexOf(' ');
  return (space > 20 ? head.slice(0, space) : head).toWellFormed();
}
