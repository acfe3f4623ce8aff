import assert from 'node:assert/strict';
import { sentenceAt } from '../../../../src/generation/prompt/sentenceAt.ts';

/** The sentence where `‸` stands in a text. */
function at(marked: string): string {
  const lines = marked.replace('‸', '').split(/\r?\n/);
  const before = marked.slice(0, marked.indexOf('‸')).split(/\r?\n/);
  const place = { lineCount: lines.length, line: (index: number) => lines[index] ?? '' };
  return sentenceAt(place, before.length - 1, before.at(-1)?.length ?? 0);
}

describe('the sentence at the cursor', () => {
  const dawn = 'A sleepy harbour at dawn.';
  const found: [what: string, text: string, sentence: string][] = [
    ['that was just written', `# Guide\n\n${dawn}‸`, dawn],
    ['with the cursor at its beginning', `‸${dawn} It is quiet here.`, dawn],
    ['with the cursor between it and the next', `${dawn}‸ It is quiet here.`, dawn],
    ['that is the next', `${dawn} ‸It is quiet here.`, 'It is quiet here.'],
    ['with a space behind it', `${dawn} ‸`, dawn],
    ['over several lines', `A sleepy\nharbour ‸at\ndawn. It is quiet.`, dawn],
    ['below its heading', `## Dawn\n${dawn}‸\n\n- one`, dawn],
    ['without a full stop', 'a red fox in the ‸snow', 'a red fox in the snow'],
    ['in quotes', `“${dawn}”‸`, `“${dawn}”`],
    ['that begins with a number', '3 foxes sleep‸.', '3 foxes sleep.'],
    ['in Chinese', '黎明时‸分宁静的港口。远处有灯塔。', '黎明时分宁静的港口。'],
    ['behind closed code', `\`\`\`js\nconst a = 1;\n\`\`\`\n\n${dawn}‸`, dawn],
    ['behind front matter', `---\ntitle: A guide\n---\n\n${dawn}‸`, dawn],
    ['of what is seen', `A sleepy har\u200bbour at\u00a0dawn.‸`, dawn],
  ];
  for (const [what, text, sentence] of found)
    it(`is taken ${what}`, () => {
      assert.equal(at(text), sentence);
    });

  const none: [what: string, text: string][] = [
    ['an empty line', `${dawn}\n‸\n`],
    ['a heading', '# A sleepy harbour at dawn‸'],
    ['a heading that is underlined', 'A sleepy harbour‸ at dawn\n======='],
    ['a list', '- a sleepy harbour at dawn‸'],
    ['a numbered list', '1. a sleepy harbour at dawn‸'],
    ['the second line of an item', '- a sleepy\n  harbour at‸ dawn'],
    ['a quotation', '> A sleepy harbour at dawn.‸'],
    ['a table', 'a sleepy | harbour | at dawn‸'],
    ['a fenced block', `\`\`\`\nlet us sleep at dawn‸\n\`\`\``],
    ['a fenced block with another in it', '~~~\n```\n~~\n```\nlet us sleep at dawn‸\n~~~'],
    ['indented code', '    let us sleep at dawn‸'],
    ['front matter', '---\ntitle: a sleepy harbour‸\n---'],
    ['a link', 'A sleepy [harbour](a.md) at dawn.‸'],
    ['an address', 'A sleepy harbour of https://example.com today.‸'],
    ['code in words', 'Run `npm test` before dawn.‸'],
    ['an option', 'flask==2.0‸'],
    ['a name', 'Sleepy harbour‸'],
    ['a sentence without end', `A ${'sleepy '.repeat(100)}harbour.‸`],
    ['a paragraph without end', 'a sleepy harbour at dawn\n'.repeat(80) + 'and dawn‸'],
    ['no text', '‸'],
  ];
  for (const [what, text] of none)
    it(`is none in ${what}`, () => {
      assert.equal(at(text), '');
    });

  it('is found at once in a text of a hundred thousand lines', () => {
    const lines = Array.from({ length: 100_000 }, () => 'words of a harbour at dawn');
    let reads = 0;
    const text = { lineCount: lines.length, line: (at: number) => (reads++, lines[at] ?? '') };
    assert.equal(sentenceAt(text, 50_000, 3), '');
    assert.ok(reads < 1_000, String(reads));
  });
});
