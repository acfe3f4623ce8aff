import type { LaunchOptions } from 'playwright-core';

import { installChromium } from './installDebian.ts';

/** How the tests start Chromium: quiet, without a network of its own, and as root as well. */
export async function chromiumOptions(): Promise<LaunchOptions> {
  return {
    executablePath: await installChromium(),
    // Playwright's own switch for the sandbox, which Chromium cannot have as root.
    chromiumSandbox: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // The editor is on this machine: a proxy in the environment is not for it.
      '--no-proxy-server',
    ],
  };
}
