/** The text, or its first `maxChars` UTF-16 units and an ellipsis; no character is cut in half. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, maxChars).replace(/[\ud800-\udbff]$/, '')}…`;
}
