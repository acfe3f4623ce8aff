import type { FileCall } from './world/simFiles.ts';
import type { NetworkFault, Route } from './world/network.ts';
import type { Dialect, SimTask } from './world/provider.ts';
import type { KillMoment } from './world/simWindow.ts';
import type { EncoderFault } from './world/encoder.ts';
import type { StoreFault } from './world/simDatabase.ts';

export type WindowName = 'A' | 'B' | 'C' | 'D';
export type MountName = 'home' | 'work' | 'shared';

/** What a user does in a window. `pick` chooses the job, among those there are by then. */
export type UserAction =
  | 'cancel'
  | 'stop'
  | 'resume'
  | 'retry'
  /** The same job in two windows at once, or in two places of one. */
  | 'retryTwice'
  | 'redirect'
  | 'reorder'
  | 'recover'
  | 'adopt'
  | 'pause'
  | 'continue'
  | 'deleteFile';

export interface Ask {
  type: 'ask';
  window: WindowName;
  prompt: string;
  variations: number;
  folder: 'work' | 'shared';
  /** Asked in the workspace of that folder, so that the result waits for it to be open. */
  isOfWorkspace: boolean;
  /** Numbers of local images. */
  references: readonly number[];
}

/** What goes wrong for a while. `share` of what it concerns meets it. */
export type Trouble =
  | { type: 'network'; forMs: number; share: number; route: Route | 'any'; fault: NetworkFault }
  | { type: 'disk'; forMs: number; share: number; mount: MountName; call: FileCall; code: string }
  | { type: 'store'; forMs: number; share: number; fault: StoreFault }
  | { type: 'encoder'; forMs: number; share: number; fault: EncoderFault }
  | { type: 'revoked'; forMs: number; key: string }
  | { type: 'noCredits'; forMs: number; account: string }
  | { type: 'forgetful'; forMs: number }
  | {
      type: 'tasks';
      forMs: number;
      share: number;
      takesMs?: number;
      outcome?: SimTask['outcome'];
      emptyMs?: number;
      lateMs?: number;
      dialect?: Dialect;
    };

export type PlanEvent = { atMs: number } & (
  | Ask
  | Trouble
  | { type: 'open'; window: WindowName; machine: number; folders: readonly string[] }
  | { type: 'close' | 'kill' | 'hang'; window: WindowName }
  | { type: 'freeze'; window: WindowName; forMs: number }
  | { type: 'fuse'; window: WindowName; moment: KillMoment; count: number }
  /** At once, or soon after it was told so often that a job is in this state. */
  | { type: 'powerCut'; after?: { state: 'downloading' | 'saved'; count: number } }
  | { type: 'clock'; machine: number; byMs: number }
  | { type: 'act'; window: WindowName; action: UserAction; pick: number }
  | { type: 'key'; key: string }
  | { type: 'baseUrl'; index: number }
  | { type: 'storeFile'; how: 'deleted' | 'copied' | 'rewound' | 'newer' }
);

/** How a file system is, all the time. */
export interface FileSystemTraits {
  /** How it refuses a second name for a file, if it does. */
  linkCode?: string;
  /** A copy is whole, and then fails at its mode. */
  refusesMode?: true;
  /** A folder cannot be opened, and so not be written through. */
  refusesFolders?: true;
  /** How it refuses to make a folder that is there, if it does. */
  mkdirCode?: string;
}

/**
 * All that happens to a world from outside, decided in advance: as data, so that a failing plan can
 * lose its events one by one until only those are left that matter.
 */
export interface Plan {
  seed: number;
  machines: number;
  maxConcurrent: number;
  keepsUploads: boolean;
  hasBatch: boolean;
  /** Whether a file is made of each result, and where. */
  conversion?: 'beside' | 'instead';
  traits: Readonly<Partial<Record<MountName, FileSystemTraits>>>;
  /** Whether windows can share memory for the store's journal; not on every file system. */
  hasSharedMemory: boolean;
  /** When all faults cease. */
  lengthMs: number;
  events: readonly PlanEvent[];
}
