import assert from 'node:assert/strict';
import { pageHtml, type PageParts } from '../../../src/shared/pageHtml.ts';

const plain: PageParts = {
  title: 'Image Studio',
  language: 'en',
  cspSource: 'https://editor.example',
  script: 'https://editor.example/dist/studio.js',
  bodyAttributes: { 'data-messages': '{}' },
  sources: { 'img-src': ['editor', 'blob:'], 'style-src': ['editor'] },
};

const hostileTexts = [
  '</title><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  '<!-- ',
  '--> ]]> <![CDATA[',
  '&quot;><script>alert(1)</script>',
  '{"prompt":"a \\"quoted\\" <b>word</b>"}',
  '</body></html>\u0000\n\r',
];

/** How often each character that makes markup stands in the page. */
function markupOf(html: string): Record<string, number> {
  return Object.fromEntries(
    ['<', '>', '"', "'"].map((char) => [char, html.split(char).length - 1]),
  );
}

function decode(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

function firstMatch(html: string, pattern: RegExp): string {
  return decode(pattern.exec(html)?.[1] ?? assert.fail(`no ${String(pattern)} in ${html}`));
}

function policyOf(parts: PageParts): Map<string, string[]> {
  const policy = firstMatch(pageHtml(parts), /Content-Security-Policy" content="([^"]*)"/);
  const directives = policy.split(';').map((each) => each.trim().split(/\s+/));
  return new Map(directives.map(([name = '', ...values]) => [name, values]));
}

describe('the HTML of a page', () => {
  const fields: Record<string, (text: string) => Partial<PageParts>> = {
    title: (title) => ({ title }),
    language: (language) => ({ language }),
    'script’s address': (script) => ({ script }),
    messages: (text) => ({ bodyAttributes: { 'data-messages': text } }),
  };
  for (const [name, change] of Object.entries(fields))
    it(`keeps its markup, whatever stands in its ${name}`, () => {
      const expected = markupOf(pageHtml({ ...plain, ...change('harmless') }));
      for (const text of hostileTexts) {
        const html = pageHtml({ ...plain, ...change(text) });
        assert.deepEqual(markupOf(html), expected, text);
        assert.equal(html.match(/<script/g)?.length, 1);
      }
    });

  it('gives its script the texts as they were', () => {
    for (const text of hostileTexts) {
      const html = pageHtml({ ...plain, title: text, bodyAttributes: { 'data-messages': text } });
      assert.equal(firstMatch(html, /<title>([^<]*)<\/title>/), text);
      assert.equal(firstMatch(html, /data-messages="([^"]*)"/), text);
    }
  });

  it('runs the one script that has the nonce, which is another each time', () => {
    const nonces = [pageHtml(plain), pageHtml(plain)].map((html) => {
      const nonce = firstMatch(html, /<script type="module" nonce="([\w-]{22,})"/);
      assert.ok(decode(html).includes(`script-src 'nonce-${nonce}'`));
      return nonce;
    });
    assert.notEqual(nonces[0], nonces[1]);
  });
});

describe('a page with its style in it', () => {
  const style = 'a > b::before { content: "<"; }';

  it('holds it as it is, and loads the script alone', () => {
    const html = pageHtml({ ...plain, style });
    assert.ok(html.includes(`>${style}</style>`));
    assert.equal(html.match(/src=|href=/g)?.length, 1);
  });

  it('allows it by the nonce of the script, and no other', () => {
    const html = pageHtml({ ...plain, style });
    const nonce = firstMatch(html, /<script type="module" nonce="([\w-]{22,})"/);
    assert.equal(firstMatch(html, /<style nonce="([^"]*)">/), nonce);
    const policy = decode(firstMatch(html, /Content-Security-Policy" content="([^"]*)"/));
    assert.ok(policy.includes(`style-src 'nonce-${nonce}' https://editor.example;`));
    assert.ok(policy.endsWith(`script-src 'nonce-${nonce}'`));
  });

  for (const mark of ['</style>', '</STYLE ', '<!--'])
    it(`refuses one with ${mark} in it, which would end it or hide its end`, () => {
      assert.throws(() => pageHtml({ ...plain, style: `a${mark}b` }));
    });
});

describe('the policy of a page', () => {
  it('loads what is named, and nothing else', () => {
    const policy = policyOf(plain);
    assert.deepEqual(policy.get('img-src'), ['https://editor.example', 'blob:']);
    assert.deepEqual(policy.get('style-src'), ['https://editor.example']);
    assert.deepEqual(
      [...policy.keys()].toSorted(),
      ['base-uri', 'default-src', 'form-action', 'img-src', 'script-src', 'style-src'].toSorted(),
    );
  });

  it('shuts what does not fall back to default-src', () => {
    const policy = policyOf({ ...plain, sources: {} });
    for (const directive of ['default-src', 'base-uri', 'form-action'])
      assert.deepEqual(policy.get(directive), ["'none'"]);
  });

  it('has no unsafe word, no wildcard and no whole scheme but blob:', () => {
    const sources: PageParts['sources'] = {
      'img-src': ['editor', 'blob:'],
      'font-src': ['editor'],
      'style-src': ['editor'],
      'connect-src': ['editor'],
    };
    for (const [directive, values] of policyOf({ ...plain, sources })) {
      for (const value of values) {
        assert.doesNotMatch(value, /unsafe|\*|strict-dynamic/, `${directive} ${value}`);
        if (value.endsWith(':')) assert.equal(value, 'blob:', directive);
      }
    }
  });
});
