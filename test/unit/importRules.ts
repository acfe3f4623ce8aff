/**
 * The modules of `src`, and the modules that each may import. The linter and the architecture test
 * keep them; `app.ts` and `extension.ts` compose, and may import everything.
 */
export const importRules: Readonly<Record<string, readonly string[]>> = {
  evolink: [],
  images: [],
  shared: [],
  jobs: ['evolink', 'images'],
  requests: ['evolink', 'images', 'jobs', 'shared'],
  editor: ['evolink', 'images', 'jobs', 'requests', 'shared'],
  generation: ['editor', 'requests', 'jobs', 'evolink', 'images', 'shared'],
  commands: ['generation', 'editor', 'requests', 'jobs', 'evolink', 'images', 'shared'],
  studio: ['generation', 'editor', 'requests', 'jobs', 'evolink', 'images', 'shared'],
  document: ['generation', 'editor', 'requests', 'jobs', 'evolink', 'images', 'shared'],
  agents: ['generation', 'editor', 'requests', 'jobs', 'evolink', 'images', 'shared'],
  webview: ['shared'],
};

/** Plain Node runs and tests these modules, and pages import `shared`. */
export const neverImportVscode: readonly string[] = [
  'evolink',
  'images',
  'shared',
  'jobs',
  'requests',
  'webview',
];
