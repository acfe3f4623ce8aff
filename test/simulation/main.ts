import { parseArgs } from 'node:util';
import { forbidRealDoors } from './world/guards.ts';

/**
 * `npm run test:simulation`: as many seeds as fit; `-- --seed N` one of them, with its trace;
 * `-- --seeds N --from M` a range.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string' },
    /** Seconds. */
    limit: { type: 'string' },
    /** With `--seed`: not shrunk. */
    whole: { type: 'boolean' },
    /** Kinds of trouble that every plan has, as `drawTroubles.ts` names them. */
    focus: { type: 'string' },
    /** With `--seeds`: ends at the first that fails. */
    first: { type: 'boolean' },
    /** With `--seeds`: says which promises were broken, and explains none. */
    brief: { type: 'boolean' },
  },
});

forbidRealDoors();
const { explain } = await import('./explain.ts');
const { runSimulationSuite } = await import('./run.ts');

const focus = values.focus?.split(',') ?? [];
if (values.seed !== undefined) {
  process.exitCode = (await explain(Number(values.seed), focus, values.whole ?? false)) ? 1 : 0;
} else {
  const [result] = await runSimulationSuite({
    ...(values.seeds !== undefined && { count: Number(values.seeds) }),
    ...(values.from !== undefined && { from: Number(values.from) }),
    focus,
    stopsAtFailure: values.first ?? false,
    isBrief: values.brief ?? false,
    ...(values.limit !== undefined && { limitMs: Number(values.limit) * 1000 }),
  });
  process.exitCode = result?.failed ? 1 : 0;
}
