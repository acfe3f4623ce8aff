import assert from 'node:assert/strict';
import { isOwnSite } from '../../../src/evolink/ownSite.ts';

const api = 'https://api.evolink.ai';
const isOwn = (address: string, apiBaseUrl = api) => isOwnSite(new URL(address), apiBaseUrl);

describe('the site of the provider', () => {
  it('is EvoLink’s domain, and all below it', () => {
    for (const address of [
      'https://evolink.ai',
      'https://evolink.ai/dashboard/credits?from=api#top',
      'https://WWW.EvoLink.AI/top-up',
      'https://pay.api.evolink.ai:8443/',
    ])
      assert.ok(isOwn(address), address);
  });

  it('is also the host of another API', () => {
    const gateway = 'https://images.example.co.uk/v1';
    assert.ok(isOwn('https://images.example.co.uk/pay', gateway));
    assert.ok(isOwn('https://pay.images.example.co.uk', gateway));
    assert.ok(!isOwn('https://example.co.uk', gateway));
    assert.ok(!isOwn('https://other.example.co.uk', gateway));
    assert.ok(!isOwn('https://co.uk', gateway));
  });

  it('is no other one, whatever it looks like', () => {
    for (const address of [
      'https://thief.invalid/evolink.ai',
      'https://evolink.ai.thief.invalid',
      'https://notevolink.ai',
      'https://evolink.ai@thief.invalid/',
      'https://thief.invalid\\@evolink.ai',
      'https://thief.invalid?.evolink.ai',
      'https://еvolink.ai',
      'https://evolink.ai.',
      'https://ai',
      'http://evolink.ai',
      'command:evolink.ai',
      'vscode://evolink.ai/run',
      'javascript://evolink.ai/%0aalert(1)',
      'https://evolink.ai\t.thief.invalid',
      'file://evolink.ai/etc/passwd',
    ])
      assert.ok(!isOwn(address), address);
  });
});
