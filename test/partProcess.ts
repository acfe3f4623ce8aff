import { runPart } from './runPart.ts';
import type { Part } from './suites.ts';

// A process of runSideBySide.ts, for the part on its command line.
// What it started ends with it, and it ends with the one that started it.
process.once('disconnect', () => process.exit(1));
const results = await runPart(JSON.parse(process.argv[2] ?? '') as Part);
process.send?.(results, () => process.exit(0));
