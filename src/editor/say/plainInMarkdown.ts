/**
 * A line as Markdown that shows that very line: no emphasis, heading, list, tag, entity, link or
 * address. The editor's own `appendText` leaves `<command:…>` and `https://…`, which become links.
 */
export function plainInMarkdown(line: string): string {
  return line.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
