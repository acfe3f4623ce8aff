import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Frame } from 'playwright-core';

interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The violations that axe-core finds in a page, a line for each place. */
export async function findViolations(frame: Frame): Promise<string[]> {
  // Through the debugger: the page's own policy lets no other script in.
  if (!(await frame.evaluate("typeof axe === 'object'")))
    await frame.evaluate(await readFile(axePath, 'utf8'));
  const { violations } = await frame.evaluate<{ violations: Violation[] }>('axe.run(document)');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help}: ${String(target)} ${failureSummary ?? ''}`,
    ),
  );
}
