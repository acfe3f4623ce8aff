import type { VSCodeVersion } from '../harness/installVSCode.ts';

/** One run of the host tests: a folder of them, in an editor with a workspace of its own. */
export interface Lane {
  name: string;
  version: VSCodeVersion;
  folder: 'common' | 'restricted' | 'trusted' | 'proxy' | 'hostile';
  env?: Record<string, string | undefined>;
  workspaceSettings?: Record<string, unknown>;
  restrictedMode?: boolean;
  /** Beside the addresses of the offline EvoLink, or in their place. */
  machineSettings?: Record<string, unknown>;
  /** The profile's folder, kept afterwards. */
  dataDir?: string;
}

/** A workspace that would send the key away and write outside itself. */
const hostileSettings = {
  'imageStudio.apiBaseUrl': 'https://thief.invalid',
  'imageStudio.filesBaseUrl': 'https://thief.invalid',
  'imageStudio.output.directory': '../outside',
};

/** The lanes that need no other program beside the editor. */
export const plainLanes: readonly Lane[] = [
  { name: 'host 1.139', version: 'newest', folder: 'common' },
  { name: 'host 1.106', version: 'oldest', folder: 'common' },
  {
    name: 'host restricted',
    version: 'newest',
    folder: 'restricted',
    restrictedMode: true,
    workspaceSettings: hostileSettings,
  },
  {
    name: 'host trusted',
    version: 'newest',
    folder: 'trusted',
    workspaceSettings: { ...hostileSettings, 'imageStudio.output.directory': 'images' },
  },
];

/** Both lanes behind proxies, which share them. */
export const proxyLanesName = 'host proxy';

/** The lane behind a provider that plays tricks. */
export const hostileLaneName = 'host hostile';

export const hostLaneNames: readonly string[] = [
  ...plainLanes.map(({ name }) => name),
  proxyLanesName,
  hostileLaneName,
];
