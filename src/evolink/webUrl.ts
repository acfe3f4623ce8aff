/** Whether a text is the address of something on the web, written in full: with http:// or https://. */
export function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
