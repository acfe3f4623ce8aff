import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A word that another one stands for, to whoever uses the extension. */
interface Rule {
  instead: RegExp;
  say: string;
  /** Where the word may stand: names of folders, titles of commands. */
  but?: RegExp;
}

const english: readonly Rule[] = [
  { instead: /\bpictures?\b/i, say: 'image', but: /~?\/?`?Pictures`/g },
  { instead: /\bproviders?\b/i, say: 'EvoLink' },
  { instead: /\bjobs?\b/i, say: 'image, or task', but: /Show Jobs|Image Studio: Jobs/g },
  { instead: /\b(?:waiting list|backlog|line-up)\b/i, say: 'queue' },
  { instead: /\b(?:person|persons|wish|wishes)\b/i, say: 'you' },
  { instead: /\b(?:draft image|render(?:ing|ed)?|creation|artwork)\b/i, say: 'image' },
];

const chinese: readonly Rule[] = [
  { instead: /图片|图象|画面图/, say: '图像' },
  { instead: /提供方|提供商|服务商|供应商/, say: 'EvoLink' },
  { instead: /作业|工单/, say: '任务' },
  { instead: /等待列表|等候列表/, say: '队列' },
  { instead: /您/, say: '你' },
  { instead: /提示语|指令词/, say: '提示词' },
];

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function texts(path: string): string[] {
  return Object.values(JSON.parse(read(path)) as Record<string, string>);
}

function wrong(all: readonly string[], rules: readonly Rule[]): string[] {
  return all.flatMap((text) =>
    rules
      .filter(({ instead, but }) => instead.test(but ? text.replaceAll(but, '') : text))
      .map(({ say }) => `say ${say}: ${text.slice(0, 200)}`),
  );
}

describe('one thing has one word', () => {
  for (const path of ['l10n/bundle.l10n.json', 'package.nls.json'])
    it(`in ${path}`, () => {
      assert.deepEqual(wrong(texts(path), english), []);
    });

  for (const path of ['l10n/bundle.l10n.zh-cn.json', 'package.nls.zh-cn.json'])
    it(`in ${path}`, () => {
      assert.deepEqual(wrong(texts(path), chinese), []);
    });

  it('in the README, which explains what a job is', () => {
    const ofReaders = english.filter(({ say }) => say !== 'image, or task');
    assert.deepEqual(wrong(read('README.md').split('\n'), ofReaders), []);
  });

  it('in the drawings of the walkthrough', () => {
    const paths = globSync('media/walkthrough/*.svg', { cwd: root });
    assert.ok(paths.length > 0);
    for (const path of paths) {
      const shown = [...read(path).matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = '']) => text);
      assert.deepEqual(wrong(shown, english), [], path);
    }
  });

  it('is kept by rules that find what they are for', () => {
    assert.equal(wrong(['The provider lost 2 pictures'], english).length, 2);
    assert.deepEqual(wrong(['Show Jobs lists `~/Pictures`'], english), []);
    assert.equal(wrong(['提供方拒绝了图片'], chinese).length, 2);
  });
});
