import { strict as assert } from 'node:assert';
import { imageLinkAt, pathOfLink } from '../../../src/document/imageLinks.ts';

describe('a link to a picture', () => {
  /** The link at the bar in the line. */
  const at = (marked: string) => imageLinkAt(marked.replace('|', ''), marked.indexOf('|'))?.target;

  it('is found in Markdown, with and without a title', () => {
    assert.equal(at('See ![a f|ox](images/fox.png) here'), 'images/fox.png');
    assert.equal(at('![fox](images/f|ox.png "A fox")'), 'images/fox.png');
    assert.equal(at('![fox](<images/red f|ox.png>)'), 'images/red fox.png');
  });

  it('is found in HTML, JSX and CSS', () => {
    assert.equal(at('<p><img alt="x" src="../fox|.png"></p>'), '../fox.png');
    assert.equal(at("<img src='fox.png' al|t={name} />"), 'fox.png');
    assert.equal(at('background: url("img/fox.p|ng?v=2");'), 'img/fox.png');
  });

  it('is the one the cursor is in, of several in a line', () => {
    assert.equal(at('![a](a.png) ![b](b.p|ng)'), 'b.png');
    assert.equal(at('![a](a.p|ng) ![b](b.png)'), 'a.png');
  });

  it('is not found beside one, nor in a link to something else', () => {
    assert.equal(at('te|xt ![a](a.png)'), undefined);
    assert.equal(at('[a page](pa|ge.html)'), undefined);
  });

  it('leads to a path only when it stays on this machine', () => {
    assert.equal(pathOfLink('images/red%20fox.png'), 'images/red fox.png');
    assert.equal(pathOfLink('100%.png'), '100%.png');
    assert.equal(pathOfLink('https://example.com/a.png'), undefined);
    assert.equal(pathOfLink('data:image/png;base64,AAAA'), undefined);
    assert.equal(pathOfLink('//example.com/a.png'), undefined);
  });
});
