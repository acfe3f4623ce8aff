/** What a command was given, without the group of editors that the menus of the editor's title add. */
export function withoutGroup(args: readonly unknown[]): unknown[] {
  return isGroup(args.at(-1)) && args.length > 1 ? args.slice(0, -1) : [...args];
}

function isGroup(given: unknown): boolean {
  return (
    typeof given === 'object' &&
    given !== null &&
    'groupId' in given &&
    typeof given.groupId === 'number'
  );
}
