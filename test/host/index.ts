import { writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type Mocha from 'mocha';
import { collectFailures } from '../collectFailures.ts';
import type { Failure, Timing } from '../suiteResult.ts';
import { timeParts } from '../timeParts.ts';

/** An ES module, which hosts of different age give to `require` in different wrappings. */
function loadMocha(): typeof Mocha {
  const loaded = createRequire(__filename)('mocha') as typeof Mocha | { default: typeof Mocha };
  return 'default' in loaded ? loaded.default : loaded;
}

/** Runs the tests of one lane (a folder of test/host) inside this extension host. */
export async function run(): Promise<void> {
  const lane = process.env['IMAGE_STUDIO_TEST_LANE'] ?? 'common';
  const folder = join(__dirname, lane);
  const mocha = new (loadMocha())({ ui: 'bdd', timeout: 60_000, reporter: 'spec', color: false });
  for (const name of await readdir(folder))
    if (name.endsWith('.test.cjs')) mocha.addFile(join(folder, name));
  const grep = process.env['IMAGE_STUDIO_TEST_GREP'];
  if (grep) mocha.grep(grep);
  const timings: Timing[] = [];
  const failures: Failure[] = [];
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => {
      if (runner.stats) resolve(runner.stats);
    });
    timeParts(runner, timings);
    collectFailures(runner, failures);
  });
  const { passes: passed, failures: failed } = stats;
  const results = process.env['IMAGE_STUDIO_TEST_RESULTS'];
  if (results) writeFileSync(results, JSON.stringify({ passed, failed, timings, failures }));
  if (failed > 0) throw new Error(`${String(failed)} of ${lane} failed`);
}
