import assert from 'node:assert/strict';
import {
  type InFront,
  type Place,
  whereUserWorks,
} from '../../../../src/editor/files/whereUserWorks.ts';

const document = (uri?: string): InFront<string> => ({ kind: 'document', ...(uri && { uri }) });
const image = (uri: string): InFront<string> => ({ kind: 'file', uri });
const page: InFront<string> = { kind: 'page' };
const first = { name: 'first' };
const second = { name: 'second' };
const folderOf = (uri: string) => [first, second].find(({ name }) => uri.startsWith(`${name}/`));

describe('where the user works', () => {
  type Case = [string, InFront<string>, string | undefined, Place<string, { name: string }>];
  const cases: Case[] = [
    ['a document', document('second/a.md'), undefined, { document: 'second/a.md', folder: second }],
    [
      'a document, not the one before',
      document('first/a.md'),
      'second/b.md',
      { document: 'first/a.md', folder: first },
    ],
    ['a page, over a document', page, 'second/a.md', { document: 'second/a.md', folder: second }],
    ['a page alone, in the first folder', page, undefined, { folder: first }],
    [
      'an image, over a document of its folder',
      image('second/fox.png'),
      'second/a.md',
      { document: 'second/a.md', folder: second },
    ],
    ['an image of another folder', image('second/fox.png'), 'first/a.md', { folder: second }],
    ['an image alone', image('second/fox.png'), undefined, { folder: second }],
    [
      'an image of no folder, over a document',
      image('else/fox.png'),
      'second/a.md',
      { document: 'second/a.md', folder: second },
    ],
    ['a document without a file', document(), 'second/a.md', { folder: second }],
    [
      'a document of no folder, in the one before',
      document('else/a.md'),
      'second/a.md',
      { document: 'else/a.md', folder: second },
    ],
    [
      'a page, over a document of no folder',
      page,
      'else/a.md',
      { document: 'else/a.md', folder: first },
    ],
  ];
  for (const [what, inFront, lastDocument, place] of cases)
    it(`is ${what}`, () => {
      const facts = { inFront, lastDocument, folders: [first, second], folderOf };
      assert.deepEqual(whereUserWorks(facts), place);
    });

  it('is the folder of a document that was closed, as long as it is open', () => {
    const facts = { inFront: page, lastFolder: second, folderOf };
    assert.deepEqual(whereUserWorks({ ...facts, folders: [first, second] }), { folder: second });
    assert.deepEqual(whereUserWorks({ ...facts, folders: [first] }), { folder: first });
  });

  it('is a document alone when no folder is open', () => {
    const facts = { inFront: document('else/a.md'), folders: [], folderOf };
    assert.deepEqual(whereUserWorks(facts), { document: 'else/a.md' });
    assert.deepEqual(whereUserWorks({ ...facts, inFront: page }), {});
  });
});
