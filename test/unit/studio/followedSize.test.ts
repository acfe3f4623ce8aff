import assert from 'node:assert/strict';
import { shippedModels } from '../../../src/evolink/models/shippedModels.ts';
import { FollowedSize } from '../../../src/studio/draft/followedSize.ts';

describe('the size of a draft', () => {
  const rule = shippedModels[0]!.sizes;
  const usual = '1024x1024';
  const wide = { width: 1280, height: 800 };
  const tall = { width: 600, height: 900 };
  const draft = (size: string, ...references: string[]) => ({ references, size });
  let followed: FollowedSize;
  beforeEach(() => {
    followed = new FollowedSize();
  });

  it('follows the first reference, and comes back without one', () => {
    const none = draft('1024x1536');
    assert.equal(followed.next(none, draft('1024x1536', 'a'), wide, rule, usual), '1536x1024');
    const first = draft('1536x1024', 'a');
    assert.equal(
      followed.next(first, draft('1536x1024', 'b', 'a'), tall, rule, usual),
      '1024x1536',
    );
    const second = draft('1024x1536', 'b', 'a');
    // The size before is this one, too.
    assert.equal(followed.next(second, draft('1024x1536'), undefined, rule, usual), '1024x1536');
  });

  it('comes back to what it was before', () => {
    followed.next(draft(usual), draft(usual, 'a'), wide, rule, usual);
    const wideDraft = draft('1536x1024', 'a');
    assert.equal(followed.next(wideDraft, draft('1536x1024'), undefined, rule, usual), usual);
  });

  it('stays what the user chose, also with another reference and with none', () => {
    followed.next(draft(usual), draft(usual, 'a'), wide, rule, usual);
    const chosen = draft('1024x1536', 'a');
    assert.equal(followed.next(chosen, draft('1024x1536', 'b'), wide, rule, usual), undefined);
    assert.equal(
      followed.next(draft('1024x1536', 'b'), draft('1024x1536'), undefined, rule, usual),
      undefined,
    );
  });

  it('stays as it is where the shape of a reference is not known', () => {
    assert.equal(
      followed.next(draft(usual), draft(usual, 'https://x'), undefined, rule, usual),
      undefined,
    );
  });
});
