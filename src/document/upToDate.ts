/** Whoever types faster than that is no user. */
export const maxAttempts = 20;

/**
 * Works something out from texts, again for each that changes before all are done. What is returned
 * fits the texts until the next of their events.
 * @returns without the texts that changed at each attempt
 */
export async function upToDate<Text extends { version: number }, Result>(
  texts: readonly Text[],
  workOut: (text: Text) => Promise<Result>,
): Promise<Map<Text, Result>> {
  const versions = new Map<Text, number>();
  const results = new Map<Text, Result>();
  const changed = () => texts.filter((text) => versions.get(text) !== text.version);
  for (let attempt = 1; attempt <= maxAttempts && changed().length > 0; attempt += 1) {
    for (const text of changed()) {
      const { version } = text;
      results.set(text, await workOut(text));
      versions.set(text, version);
    }
  }
  for (const text of changed()) results.delete(text);
  return results;
}
