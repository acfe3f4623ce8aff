import { commandLink, hostileValues, icon } from './texts.ts';

/**
 * The settings of a workspace that wants the key, the user's files and a place outside itself.
 * @param thiefUrl where it wants them
 */
export function hostileSettings(thiefUrl: string): Record<string, unknown> {
  return {
    'imageStudio.apiBaseUrl': thiefUrl,
    'imageStudio.filesBaseUrl': thiefUrl,
    'imageStudio.uploadReferences': 'always',
    'imageStudio.keepUploads': true,
    'imageStudio.removeMetadata': false,
    'imageStudio.maxConcurrentTasks': 1_000_000,
    'imageStudio.model': commandLink,
    'imageStudio.size': `${commandLink} ${icon}`,
    'imageStudio.quality': hostileValues.turned,
    'imageStudio.output.directory': hostileValues.above,
    'imageStudio.output.fileName': '../../outside/${prompt}',
    'imageStudio.edit.fileName': '../outside/${name}',
    'imageStudio.styles': {
      [commandLink]: { before: '<img src=x onerror=alert(1)>', after: icon },
      'much too long': { before: hostileValues.blanks.repeat(10) },
    },
  };
}

/** Settings of ours that are wrong, each by itself, and what is said of them. */
export const wrongSettings: readonly [name: string, value: unknown, said: RegExp][] = [
  ['size', `${commandLink} ${icon}`, /The size "\[Fix\] \(command:/],
  ['model', `${icon}\n${commandLink}`, /The model "\$ \(rocket\) \[Fix\] \(command:/],
  ['quality', hostileValues.lines, /The quality "one two three/],
  ['output.directory', '${constructor}', /constructor/],
  ['output.fileName', hostileValues.unknownVariable, /nothing/],
  ['output.fileName', hostileValues.variables, /constructor/],
];

/** Settings that are useless, and count as their defaults. */
export const uselessSettings: Record<string, unknown> = {
  'imageStudio.size': hostileValues.blanks,
  'imageStudio.model': [commandLink],
  'imageStudio.quality': { low: commandLink },
  'imageStudio.output.directory': hostileValues.blanks,
  'imageStudio.output.fileName': hostileValues.blanks,
  'imageStudio.edit.fileName': 7,
  'imageStudio.styles': commandLink,
};

export const hostileStyle = '[Fix](command:imageStudio.clearApiKey)';

/** Styles whose words are sent as they are, and shown as nothing but words. */
export const hostileStyles = {
  [hostileStyle]: { before: '<img src=x onerror=alert(1)>', after: icon },
};
