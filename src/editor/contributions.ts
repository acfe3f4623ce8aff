/** Every id the editor knows us by, typed once; a test compares them with package.json. */
export const commandIds = [
  'imageStudio.generate',
  'imageStudio.generateFromSelection',
  'imageStudio.generateInFolder',
  'imageStudio.edit',
  'imageStudio.openStudio',
  'imageStudio.openStudioInSideBar',
  'imageStudio.useAsReference',
  'imageStudio.insertImage',
  'imageStudio.generateMissing',
  'imageStudio.convertImage',
  'imageStudio.setApiKey',
  'imageStudio.clearApiKey',
  'imageStudio.checkConnection',
  'imageStudio.recoverTask',
  'imageStudio.clearHistory',
  'imageStudio.showJobs',
  'imageStudio.cancelJobs',
  'imageStudio.makeAgain',
  'imageStudio.showLog',
] as const;
export type CommandId = (typeof commandIds)[number];

export const settingDefaults = {
  apiBaseUrl: 'https://api.evolink.ai',
  filesBaseUrl: 'https://files-api.evolink.ai',
  model: 'gpt-image-1.5-lite',
  size: '1024x1024',
  quality: 'auto',
  resolution: '',
  models: [],
  'output.directory': 'images',
  'output.fileName': '${promptSlug}',
  'output.openAfterSave': true,
  'output.format': 'original',
  'output.quality': 82,
  'output.maxWidth': 0,
  'output.keepOriginal': true,
  'edit.fileName': '${name}.edit',
  'document.templates': {},
  'document.publicFolders': [],
  'document.missingImages': 'quickFix',
  'document.placeholder': false,
  maxConcurrentTasks: 4,
  styles: {},
  uploadReferences: 'ask',
  keepUploads: false,
  removeMetadata: true,
} as const;
export type SettingName = keyof typeof settingDefaults;

export const settingsPrefix = 'imageStudio';
export const walkthroughId = 'image-studio.evolink-image-studio#start';
/** The provider's site: keys and credits. */
export const providerUrl = 'https://evolink.ai/dashboard';
