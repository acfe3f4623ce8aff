/** An editor asks again at each move of the cursor, and of the mouse. */
const knownMs = 5_000;
const maxKnown = 50;

/**
 * The same question gets the same answer for a moment, without being looked up again. One that failed
 * is asked anew.
 * @param nowMs of a clock that is not set
 */
export function remembering<Asked extends { toString: () => string }, Answer>(
  find: (asked: Asked) => Promise<Answer>,
  nowMs: () => number,
): (asked: Asked) => Promise<Answer> {
  const answers = new Map<string, { atMs: number; answer: Promise<Answer> }>();
  return (asked) => {
    const key = asked.toString();
    const known = answers.get(key);
    if (known && nowMs() - known.atMs < knownMs) return known.answer;
    const answer = find(asked);
    answers.delete(key);
    answers.set(key, { atMs: nowMs(), answer });
    for (const oldest of answers.keys()) if (answers.size > maxKnown) answers.delete(oldest);
    answer.catch(() => {
      if (answers.get(key)?.answer === answer) answers.delete(key);
    });
    return answer;
  };
}
