import assert from 'node:assert/strict';
import { checkImageBytes } from '../../../src/images/checkImage.ts';
import { BadImageError } from '../../../src/images/imageFacts.ts';
import { shownImages } from './shownImages.ts';

describe('an image that browsers show', () => {
  it('is taken, and its type and size are told', async () => {
    for (const { name, bytes, facts } of await shownImages()) {
      const told = await checkImageBytes(bytes).catch(String);
      assert.deepEqual(told, facts, name);
    }
  });

  it('is not what only looks like an SVG', async () => {
    const xmlns = 'xmlns="http://www.w3.org/2000/svg"';
    const others = [
      `<!DOCTYPE html><html><body><svg ${xmlns}/></body></html>`,
      `<!-- <svg ${xmlns}/> --><html/>`,
      `<?xml version="1.0"?><svgs ${xmlns}/>`,
      `<SVG ${xmlns}/>`,
      `<a:b:svg ${xmlns}/>`,
      `<svg width=9 height=9/>`,
      `"<svg ${xmlns}/>"`,
      `{"svg": "<svg ${xmlns}/>"}`,
      '<',
      '<svg',
      `<svg ${xmlns}`,
      `<svg ${xmlns} content="`,
      '<!-- ',
      '<?xml version="1.0"?>\n',
      '<!DOCTYPE svg [ <!ENTITY a "]>',
    ];
    for (const text of others)
      await assert.rejects(checkImageBytes(Buffer.from(text)), BadImageError, text);
  });
});
