import assert from 'node:assert/strict';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { audit } from './audit.ts';
import { allCases, type FaultCase, matchOf, nameOf } from './cases.ts';
import { ask, type FaultFixture, never, openFixture, until } from './fixture.ts';
import { counters } from './counters.ts';

/** So many cases at once; each has an engine and a store of its own. */
const lanes = 12;

describe('every fault in every phase', () => {
  let api: OfflineApi;
  let outcomes: Map<FaultCase, Promise<void>>;
  const cases = allCases();

  before(async () => {
    api = await startOfflineApi({ taskMs: 120, credits: 1e6 });
    outcomes = runAll(cases, (one, index) => meet(api, one, index));
  });
  after(() => api.close());

  for (const one of cases) it(nameOf(one), async () => await outcomes.get(one));
});

/** Starts them all, a few at a time; each test then waits for its own. */
function runAll(
  cases: readonly FaultCase[],
  run: (one: FaultCase, index: number) => Promise<void>,
): Map<FaultCase, Promise<void>> {
  const outcomes = new Map<FaultCase, Promise<void>>();
  const waiting = Array.from({ length: lanes }, () => Promise.resolve());
  for (const [index, one] of cases.entries()) {
    const lane = index % lanes;
    const outcome = (waiting[lane] ?? Promise.resolve()).then(() => run(one, index));
    outcomes.set(one, outcome);
    // The test that waits for it tells of its failure; the next in the lane goes on all the same.
    waiting[lane] = outcome.catch(() => undefined);
  }
  return outcomes;
}

/**
 * Only of several tasks is asked in one call, and of these two for certain: the window that submits
 * them closes before its first look, and the next one begins by asking about both.
 */
async function leaveTwoRunning(fixture: FaultFixture, subject: string): Promise<string[]> {
  const node = fixture.open({ waitScale: 1 });
  const ids = ask(node, fixture, subject, `beside ${subject}`);
  await Promise.all(ids.map((id) => until(node, id, ({ state }) => state === 'running')));
  await node.close();
  return ids;
}

async function meet(api: OfflineApi, one: FaultCase, index: number): Promise<void> {
  const fixture = await openFixture(api);
  try {
    const subject = `case ${String(index).padStart(3, '0')} of the fox`;
    const fault = { match: matchOf(one, subject), fault: one.fault, times: one.times };
    await api.fault(fault);
    const earlier = one.phase === 'batch' ? await leaveTwoRunning(fixture, subject) : undefined;
    const node = fixture.open();
    const ids = earlier ?? ask(node, fixture, subject);
    const [job] = await node.engine.whenSettled(ids, never);
    const code = job && 'error' in job ? job.error.code : undefined;
    assert.deepEqual({ state: job?.state, code }, { code: undefined, ...one.ends });
    if (one.thenSaved && job) {
      if (job.state === 'queued') node.engine.connectionChanged();
      else node.engine.resume(job.id);
      const [again] = await node.engine.whenSettled([job.id], never);
      assert.equal(again?.state, 'saved');
    }
    await node.close();
    await auditClosed();
  } finally {
    await fixture.close();
  }

  async function auditClosed() {
    const node = fixture.open();
    const jobs = node.engine.listRecent(10);
    await node.close();
    const use = (await api.faults()).find(
      ({ rule }) =>
        rule.match?.promptIncludes === `case ${String(index).padStart(3, '0')} of the fox`,
    );
    assert.ok(use && use.hits > 0, 'the fault was never met');
    counters['faults injected'] += use.hits;
    await audit(fixture, jobs);
  }
}
