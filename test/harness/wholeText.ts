/** Matches a text as a whole, blanks around it aside. */
export function wholeText(text: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(/\s+/g, '\\s+');
  return new RegExp(`^\\s*${escaped}\\s*$`);
}
