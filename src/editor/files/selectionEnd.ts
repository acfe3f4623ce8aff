interface LineAndCharacter {
  line: number;
  character: number;
}

/**
 * Where a selection ends. Whole lines are selected up to the beginning of the next line, which does
 * not belong to what the user has selected.
 */
export function selectionEnd<Position extends LineAndCharacter>(
  { start, end, isEmpty }: { start: Position; end: Position; isEmpty: boolean },
  document: { lineAt: (line: number) => { range: { end: Position } } },
): Position {
  const isWholeLine = !isEmpty && end.character === 0 && end.line > start.line;
  return isWholeLine ? document.lineAt(end.line - 1).range.end : end;
}
