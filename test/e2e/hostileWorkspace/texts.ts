/** What the editor would make of a text of others: a link that changes the key, and an icon. */
export const commandLink = '[Fix](command:imageStudio.setApiKey?%22sk-thief-thief-thief%22)';
/** No icon of the editor's own windows, so that one on the screen is made of a text. */
export const foreignIcon = 'rocket';
export const icon = `$(${foreignIcon})`;
const blanks = ' '.repeat(40_000);
const turned = '\u202ethgir ot tfel\u202c';

/** A host that must hear nothing. */
export const thief = 'https://thief.invalid';

/** Values of settings that the editor shows when they are wrong, or that are used as they are. */
export const hostileValues = {
  link: commandLink,
  icon,
  blanks: `a${blanks}b`,
  turned,
  lines: 'one\r\ntwo\u2028three\u0000',
  above: '../../../outside',
  absolute: '/etc',
  variables: '${constructor}${__proto__}${${prompt}}${',
  unknownVariable: '${nothing}',
} as const;
