import assert from 'node:assert/strict';
import { type MachineFacts, machineId } from '../../../src/jobs/machineId.ts';
import { nodePlatform } from '../../../src/jobs/nodePlatform.ts';

let made = 0;

function facts(more: Partial<MachineFacts> = {}): MachineFacts {
  return {
    hostName: 'devbox',
    hasNamespaces: true,
    bootId: () => 'boot-1\n',
    pidNamespace: () => 'pid:[1]',
    randomId: () => `random-${String((made += 1))}`,
    ...more,
  };
}

describe('the identity of a machine', () => {
  it('is shared by processes that see the same process table', () => {
    assert.equal(machineId(facts()), machineId(facts()));
    assert.equal(nodePlatform.processes.host, nodePlatform.processes.host.trim());
  });

  it('differs between containers of one host name, and between starts of one machine', () => {
    const ids = [
      facts(),
      facts({ pidNamespace: () => 'pid:[2]' }),
      facts({ bootId: () => 'boot-2' }),
      facts({ hostName: 'other' }),
    ].map(machineId);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('is like no other where the process table cannot be told', () => {
    const unreadable = () => {
      throw new Error('ENOENT');
    };
    for (const more of [{ bootId: unreadable }, { pidNamespace: unreadable }])
      assert.notEqual(machineId(facts(more)), machineId(facts(more)));
  });

  it('is the host name where there are no namespaces', () => {
    assert.equal(machineId(facts({ hasNamespaces: false })), 'devbox');
  });

  it('is not the host name alone on Linux', function () {
    if (process.platform !== 'linux') this.skip();
    assert.match(nodePlatform.processes.host, / .*pid:\[\d+\]$/);
  });
});
