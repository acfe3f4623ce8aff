import assert from 'node:assert/strict';
import { createTroubleWatch } from '../../../../src/editor/jobUi/troubleWatch.ts';
import { type FakeTime, fakeTime } from '../../jobs/steps/fakeTime.ts';

const minuteMs = 60_000;

describe('looking whether a trouble is over', () => {
  let time: FakeTime;
  let watch: ReturnType<typeof createTroubleWatch>;
  let hasTrouble: boolean;
  let checks: number;

  beforeEach(() => {
    time = fakeTime();
    [hasTrouble, checks] = [true, 0];
    watch = createTroubleWatch({
      hasTrouble: () => hasTrouble,
      check() {
        checks += 1;
        return Promise.resolve();
      },
      after: time.clock.after,
      monotonicMs: time.clock.monotonicMs,
    });
  });

  it('asks when the user is back, and nobody while all is well', () => {
    hasTrouble = false;
    watch.focused();
    assert.equal(checks, 0);
    hasTrouble = true;
    watch.focused();
    assert.equal(checks, 1);
  });

  it('asks once a minute at most, however often the user comes and goes', async () => {
    for (let turns = 0; turns < 50; turns += 1) watch.focused();
    assert.equal(checks, 1);
    hasTrouble = false;
    await time.pass(minuteMs);
    hasTrouble = true;
    watch.focused();
    assert.equal(checks, 2);
  });

  it('asks at once when the user was sent to pay, and some times while the payment arrives', async () => {
    watch.focused();
    watch.wentToPay();
    watch.focused();
    assert.equal(checks, 2);
    await time.pass(10 * minuteMs);
    assert.equal(checks, 6);
  });

  it('asks no more once the trouble is over', async () => {
    watch.wentToPay();
    hasTrouble = false;
    await time.pass(20_000);
    hasTrouble = true;
    await time.pass(10 * minuteMs);
    assert.equal(checks, 0);
  });

  it('asks no more when its window closes', async () => {
    watch.wentToPay();
    watch.dispose();
    await time.pass(10 * minuteMs);
    assert.equal(checks, 0);
  });
});
