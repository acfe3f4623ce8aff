import { pathToFileURL } from 'node:url';
import type { NetworkSettings } from '../../src/evolink/network.ts';
import type { Timeouts } from '../../src/evolink/transport.ts';
import type { NewJob } from '../../src/jobs/job.ts';
import { nodePlatform } from '../../src/jobs/nodePlatform.ts';
import type { JobSystemOptions } from '../../src/jobs/openJobSystem.ts';
import type { Platform } from '../../src/jobs/platform.ts';

/** No proxy, and Node's own certificates. */
export const directNetwork: NetworkSettings = {
  isProxyEnabled: false,
  noProxy: [],
  isStrictTls: true,
  useSystemCertificates: false,
};

/** Where a job system works. Plain data, so that it can be sent to another process. */
export interface JobSystemPlace {
  apiUrl: string;
  filesUrl: string;
  key: string;
  storageFolder: string;
  timeouts?: Timeouts;
}

/** A job system without an editor, in which every workspace is open. */
export function jobSystemOptions(place: JobSystemPlace): JobSystemOptions {
  const { apiUrl, filesUrl, key, storageFolder, timeouts } = place;
  return {
    storageFolder,
    apiKey: () => Promise.resolve(key),
    apiBaseUrl: () => apiUrl,
    filesBaseUrl: () => filesUrl,
    network: {
      network: () => directNetwork,
      env: {},
      userAgent: 'image-studio-test',
      ...(timeouts && { timeouts }),
    },
    isOpen: () => true,
  };
}

/** Node's platform with another clock on the wall, or another view of processes. */
export function platformWith(more: {
  now?: () => number;
  monotonicMs?: () => number;
  processes?: Partial<Platform['processes']>;
}): Platform {
  const { now, monotonicMs } = { ...nodePlatform.clock, ...more };
  const { processes } = more;
  return {
    ...nodePlatform,
    clock: { ...nodePlatform.clock, now, monotonicMs },
    processes: { ...nodePlatform.processes, ...processes },
  };
}

/** A request of which only the prompt and the folder matter. */
export function newJob(prompt: string, folderPath: string): NewJob {
  return {
    prompt,
    model: 'gpt-image-1.5-lite',
    size: '1024x1024',
    quality: 'auto',
    references: [],
    destination: { folderUri: pathToFileURL(folderPath).href, name: '${promptSlug}' },
  };
}
