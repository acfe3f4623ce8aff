/** What tells one machine from another; each reading may fail, or not exist on this system. */
export interface MachineFacts {
  hostName: string;
  /** Whether processes are told apart by namespaces here, as on Linux. */
  hasNamespaces: boolean;
  /** Of this start of the machine. */
  bootId: () => string;
  /** The process table that this process sees. */
  pidNamespace: () => string;
  randomId: () => string;
}

/**
 * Equal only for two processes that see the same process table: containers may share a host name
 * and a home, and a process id of one means nothing in the other.
 */
export function machineId(facts: MachineFacts): string {
  const { hostName, hasNamespaces } = facts;
  if (!hasNamespaces) return hostName;
  try {
    return [hostName, facts.bootId().trim(), facts.pidNamespace()].join(' ');
  } catch {
    // Like no other: windows then know each other by their heartbeats alone.
    return [hostName, facts.randomId()].join(' ');
  }
}
