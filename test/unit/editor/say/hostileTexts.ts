/** How the editor (1.106 to 1.139) finds links in notifications and prompts, and icons in labels. */
export const editorLink =
  /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
export const editorIcon = /\$\([A-Za-z0-9-]+(~[A-Za-z]+)?\)/;

const rightToLeftOverride = '\u202e';

/** Texts as an attacker writes them, by what they try. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'a command link': '[Fix](command:imageStudio.setApiKey?%22sk-thief%22)',
  'a web link': '[EvoLink](https://thief.invalid/)',
  'a link with a title': '[x](https://thief.invalid "EvoLink")',
  'a link to a file': '[x](FILE:///etc/passwd)',
  'an image': '![x](https://thief.invalid/seen.png)',
  'a link around an invisible character': '[x]\u200b(command:x)',
  'a link around a mark of direction': '[x]\u2066(command:x)',
  'a link around a line': '[x]\u0000\n(command:x)',
  'a link in capitals': '[x](COMMAND:x)',
  'a link within a link': '[[x](command:a)](command:b)',
  'a link around a selector of variation': '[x]\ufe0f(command:x)',
  'the end of a link': '](command:x)',
  'the beginning of a link': '[Save',
  'an icon that spins': '$(sync~spin) $(error)',
  'an icon around an invisible character': '$\u2060(error)',
  lines: 'one\r\ntwo\u2028three\u2029four\u0085five\u000bsix',
  'a forged line of the log': 'x\n2026-01-01 00:00:00.000 [info] All is well',
  'control characters': 'a\u0000b\u001b[31mc\u007f\u009bd',
  'another direction': `photo${rightToLeftOverride}gnp.exe`,
  'directions that never end': '\u202b\u2067\u2066\u2068x',
  'directions that end too often': '\u2069\u202c\u2069x',
  'characters nobody sees': 'pa\u200by\u200c\u200d\u2060\ufeff\u00ad\u180e\u{e0041}pal',
  'blank letters': '\u3164\u115f\u2800\uffa0a',
  'half a character': '\ud83d a \ude00',
  'marks in a pile': `z${'\u0301'.repeat(5_000)}`,
  'one character without an end': `\u{1f469}${'\u{1f3fb}'.repeat(5_000)}`,
  'a long line': 'x'.repeat(80_000),
  'blanks without an end': ' '.repeat(80_000),
  'blanks before the rest': `${' \t'.repeat(1_000)}[x](command:x)`,
  'brackets without an end': '['.repeat(80_000),
  'addresses without an end': 'https://'.repeat(10_000),
  'places for values': '{0}{1}{9}',
  'patterns of replacement': '$1$&$$$`',
};
