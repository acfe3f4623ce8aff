import assert from 'node:assert/strict';
import {
  decideConsent,
  isAskedOfCallers,
  maySendNow,
  offeredAnswers,
  type SentImage,
  type UploadChoice,
} from '../../../src/requests/uploadConsent.ts';

const inside: SentImage = { kind: 'file', path: 'images/a.png', isOutside: false };
const outside: SentImage = { kind: 'file', path: '/home/me/a.png', isOutside: true };
const address: SentImage = { kind: 'address', path: 'https://example.com/?a', isOutside: true };
const noneInParticular = () => false;

describe('consent to what is sent', () => {
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
      for (const image of [inside, outside])
        assert.equal(decideConsent([image], choice, isTrusted, noneInParticular), decision);
    });

    it(`is not needed without an upload, with "${choice}" in ${where}`, () => {
      assert.equal(decideConsent([], choice, isTrusted, noneInParticular), 'given');
      assert.equal(decideConsent([address], choice, isTrusted, noneInParticular), 'given');
    });

    it(`is asked for what a program names elsewhere, with "${choice}" in ${where}`, () => {
      const asked = (images: SentImage[]) =>
        decideConsent(images, choice, isTrusted, isAskedOfCallers);
      assert.equal(asked([address]), 'ask');
      const isNever = choice === 'never';
      for (const images of [[outside], [inside, address], [inside, outside]])
        assert.equal(asked(images), isNever ? 'refused' : 'ask');
      assert.equal(asked([inside]), decision);
    });
  }

  const later: [UploadChoice, boolean, boolean, boolean][] = [
    ['ask', true, true, true],
    ['ask', true, false, false],
    ['always', true, false, true],
    ['always', false, true, true],
    ['always', false, false, false],
    ['never', true, true, false],
  ];
  for (const [choice, isTrusted, isAgreed, maySend] of later)
    it(`${maySend ? 'holds' : 'does not hold'} later with "${choice}", ${isTrusted ? 'trusted' : 'not trusted'}, ${isAgreed ? 'asked' : 'not asked'} about the file`, () => {
      assert.equal(maySendNow(choice, isTrusted, isAgreed), maySend);
    });

  it('can be lasting only in a workspace that is trusted, and where it would be heeded', () => {
    assert.deepEqual(offeredAnswers(true, false), ['once', 'always', 'never']);
    assert.deepEqual(offeredAnswers(false, false), ['once']);
    assert.deepEqual(offeredAnswers(true, true), ['once']);
  });
});
