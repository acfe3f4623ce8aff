/** Keeps the editor from using the network, and changes nothing that a user sees. */
export const offlineSettings: Readonly<Record<string, unknown>> = {
  'workbench.enableExperiments': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'telemetry.telemetryLevel': 'off',
};

/**
 * Turns off what covers a window or asks questions as well. What this hides from most journeys is
 * looked at in `firstMinute.test.ts`: the welcome page and its walkthroughs, tips, the secondary
 * side bar, the questions about trust, recommendations and repositories in parent folders.
 */
export const quietSettings: Readonly<Record<string, unknown>> = {
  ...offlineSettings,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
};
