import assert from 'node:assert/strict';
import {
  decideConsent,
  offeredAnswers,
  type UploadChoice,
  uploadsAmong,
} from '../../../src/requests/uploadConsent.ts';

describe('consent to uploads', () => {
  const decisions: [UploadChoice, boolean, string][] = [
    ['ask', true, 'ask'],
    ['ask', false, 'ask'],
    ['always', true, 'given'],
    ['always', false, 'ask'],
    ['never', true, 'refused'],
    ['never', false, 'refused'],
  ];
  for (const [choice, isTrusted, decision] of decisions) {
    const where = isTrusted ? 'a trusted workspace' : 'Restricted Mode';
    it(`is ${decision} with "${choice}" in ${where}`, () => {
      assert.equal(decideConsent(['file:///a.png'], choice, isTrusted), decision);
    });

    it(`is not needed without an upload, with "${choice}" in ${where}`, () => {
      assert.equal(decideConsent([], choice, isTrusted), 'given');
    });
  }

  it('concerns only references without an address, in their order', async () => {
    const references = ['file:///b.png', 'https://a/a.png', 'file:///a.png'];
    const needsUpload = async (reference: string) => reference.startsWith('file:');
    assert.deepEqual(await uploadsAmong(references, needsUpload), [
      'file:///b.png',
      'file:///a.png',
    ]);
  });

  it('can be lasting only in a workspace that is trusted', () => {
    assert.deepEqual(offeredAnswers(true), ['once', 'always', 'never']);
    assert.deepEqual(offeredAnswers(false), ['once']);
  });
});
