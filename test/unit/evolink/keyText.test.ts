import assert from 'node:assert/strict';
import { parseKey } from '../../../src/evolink/keyText.ts';

const key = 'sk-Ab12_cd-34.ef+56/78=';
const other = 'sk-another-0123456789';

describe('a key that was pasted', () => {
  const cleaned: [string, string][] = [
    ['by itself', key],
    ['with blanks and line ends around it', `\r\n\t ${key} \n`],
    ['in double quotes', `"${key}"`],
    ['in single quotes', `'${key}'`],
    ['in backticks', `\`${key}\``],
    ['in quotes of a word processor', `“${key}”`],
    ['in German quotes', `„${key}“`],
    ['with one quote left over', `${key}"`],
    ['in angle brackets', `<${key}>`],
    ['behind Bearer', `Bearer ${key}`],
    ['behind bearer and blanks', `bearer   ${key}`],
    ['as a header', `Authorization: Bearer ${key}`],
    ['as a quoted header', `"Authorization": "Bearer ${key}",`],
    ['as an argument of curl', `-H "Authorization: Bearer ${key}" \\`],
    ['as a header of its own', `x-api-key: ${key}`],
    ['as a line of a .env', `EVOLINK_API_KEY=${key}`],
    ['as a quoted line of a .env', `EVOLINK_API_KEY="${key}"`],
    ['as a line with blanks', `EVOLINK_API_KEY = '${key}'`],
    ['as a line with a note', `EVOLINK_API_KEY=${key} # mine`],
    ['with export', `export EVOLINK_API_KEY=${key};`],
    ['with set', `set EVOLINK_API_KEY=${key}`],
    ['with setx', `setx EVOLINK_API_KEY "${key}"`],
    ['as PowerShell sets it', `$env:EVOLINK_API_KEY = "${key}"`],
    ['as an argument of docker', `-e EVOLINK_API_KEY=${key}`],
    ['as a line of YAML', `evolink_api_key: ${key}`],
    ['as JSON', `{ "apiKey": "${key}" }`],
    ['as JSON in lines', `{\n  "EVOLINK_API_KEY": "${key}",\n}`],
    ['as code', `const apiKey = '${key}';`.replace('const ', '')],
    ['under another name', `EVO_TOKEN=${key}`],
    ['in a .env with notes', `# EvoLink\n\nEVOLINK_API_KEY=${key}\n`],
    ['in a .env of several keys', `OPENAI_API_KEY=${other}\nEVOLINK_API_KEY=${key}\nDEBUG=1`],
    ['twice', `${key}\n${key}`],
    ['with blanks of no width', `\ufeff${key.slice(0, 5)}\u200b${key.slice(5)}\u2060`],
    ['with a soft hyphen', `${key.slice(0, 9)}\u00ad${key.slice(9)}`],
    ['with marks of direction', `\u200e${key}\u202c`],
    ['with blanks that do not break', `\u00a0${key}\u3000`],
    ['as a line with a colon and no blank', `evolink_api_key:${key}`],
    ['behind a name of another make', `myorg-key:${key}`],
    ['ending in signs of equality', `EVOLINK_API_KEY=${key}==`],
  ];
  for (const [what, text] of cleaned)
    it(`is taken ${what}`, () => {
      const expected = text.endsWith('==') ? `${key}==` : key;
      assert.deepEqual(parseKey(text), { key: expected });
    });

  it('stays as it is when it looks like something else', () => {
    const keys = [
      'ABCDEFGHIJKLMNOP==',
      'f0e1d2c3-aaaa:b4a5968778',
      'key-0123456789abc',
      'sk-9My-aaaabbbbccccdddd',
      'sk-my-0123456789abcdef',
      'sk-My-aaaabbbbccccddddeeee',
      'sk-0123XXxxxxxX456789abcdef',
      'MFRGGZDFMZTWQ2LKABCDE=',
      'myorg-key:abcdef0123456789abcd',
      'ORG12:abcdef0123456789abcd',
      'team.token:abcdef0123456789',
    ];
    for (const text of keys) assert.deepEqual(parseKey(text), { key: text });
  });

  const refused: [string, string, string][] = [
    ['nothing', '', 'empty'],
    ['blanks', ' \n\t\u200b', 'empty'],
    ['a variable without a value', 'EVOLINK_API_KEY=', 'empty'],
    ['quotes', '""', 'empty'],
    ['another variable without a value', 'OPENAI_API_KEY=', 'empty'],
    ['a named word', 'api_key=hello', 'short'],
    ['a named word in quotes', '{ "apiKey": "hello" }', 'short'],
    ['a key hidden in its middle by crosses', 'sk-abcdxxxxxxxxxxxxabcd', 'hidden'],
    ['a word', 'hello', 'short'],
    ['Bearer alone', 'Bearer', 'short'],
    ['a blank inside', 'sk-abc def0123456', 'signs'],
    ['a dash of a word processor', 'sk–abcdef0123456', 'signs'],
    ['full-width letters', 'ｓｋ-abcdef0123456', 'signs'],
    ['a letter of another script', 'sk-аbcdef0123456', 'signs'],
    ['a control character', 'sk-abc\u0000def0123456', 'signs'],
    ['a web address', 'https://evolink.ai/dashboard/keys', 'address'],
    ['two keys', `${key}\n${other}`, 'several'],
    ['a key broken in two lines', 'sk-0123456789ab\ncdef0123456789', 'several'],
    ['two keys of one name', `EVOLINK_API_KEY=${key}\nEVOLINK_API_KEY=${other}`, 'several'],
    ['a key hidden by stars', 'sk-****************abcd', 'hidden'],
    ['a key hidden by points', 'sk-01234…6789abcd', 'hidden'],
    ['a key hidden by dots', 'sk-01234...6789abcd', 'hidden'],
    ['a key of crosses', 'sk-xxxxxxxxxxxxxxxx', 'hidden'],
    ['an example', 'YOUR_API_KEY', 'placeholder'],
    ['an example in brackets', '<your-api-key>', 'placeholder'],
    ['an example that begins right', 'sk-your-key-goes-here', 'placeholder'],
    ['an example in capitals', 'sk-YOUR_KEY_GOES_HERE', 'placeholder'],
    ['the name of the variable', 'EVOLINK_API_KEY', 'placeholder'],
    ['a reference to the variable', 'Bearer $EVOLINK_API_KEY', 'placeholder'],
    ['code that reads the variable', 'process.env.EVOLINK_API_KEY', 'placeholder'],
    ['a long text', 'k'.repeat(5_000), 'long'],
    ['a book', 'k'.repeat(1_000_000), 'long'],
  ];
  for (const [what, text, fault] of refused)
    it(`is refused as ${fault} for ${what}`, () => {
      assert.deepEqual(parseKey(text), { fault });
    });
});
