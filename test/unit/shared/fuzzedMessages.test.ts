import assert from 'node:assert/strict';
import { parseFromImagePage, parseToImagePage } from '../../../src/shared/imagePageProtocol.ts';
import type { Entry } from '../../../src/shared/studio/entry.ts';
import {
  parseToHost,
  parseToPage,
  type ToHost,
  type ToPage,
} from '../../../src/shared/studioProtocol.ts';
import { createFuzz, longestText } from '../fuzz.ts';

const seeds = [1, 2, 3, 4];
const perSeed = 25_000;
/** The longest text that a message may have: a prompt. */
const maxTextChars = 100_000;

const draft = {
  prompt: 'a fox',
  references: ['file:///a.png', 'https://files.example/b.png'],
  size: '1024x1024',
  quality: 'auto',
  count: 4,
  style: 'ink',
  folderUri: 'file:///images',
  writtenAt: 1,
};
const filter = { words: 'fox', workspaceUri: 'file:///w', isFavourite: true, size: '1:1' };
const toHost: ToHost[] = [
  { kind: 'ready' },
  { kind: 'draft', draft },
  { kind: 'generate', draft, model: 'gpt-image-2' },
  { kind: 'chooseModel', model: 'gpt-image-2', draft, choice: 1 },
  { kind: 'query', filter },
  { kind: 'need', keys: [1, 2, 3] },
  { kind: 'thumbnail', key: 1, bytes: new ArrayBuffer(8) },
  { kind: 'act', action: 'delete', keys: [1] },
  { kind: 'undelete', keys: [1] },
  { kind: 'notice', action: 'topUp' },
  { kind: 'addReferences', uris: ['file:///a.png'] },
  { kind: 'addBytes', name: 'a.png', bytes: new ArrayBuffer(8) },
  { kind: 'saveStyle', style: { name: 'ink', before: 'x', after: 'y' } },
  { kind: 'removeStyle', name: 'ink' },
];

const reference = { uri: 'file:///a.png', label: 'a.png', src: 'https://editor/a.png' };
const entry: Entry = {
  key: 1,
  jobId: 'job-1',
  state: 'saved',
  prompt: 'a fox',
  model: 'gpt-image-1.5-lite',
  size: '1024x1024',
  quality: 'Auto',
  width: 1024,
  height: 1024,
  createdAt: 1,
  status: 'Saved',
  progress: 50,
  startedAt: 1,
  expectedMs: 60_000,
  credits: 2.5,
  taskId: 'task-1',
  references: [reference],
  isFavourite: false,
  error: { sentence: 'x', details: ['y'], requestId: 'z' },
  image: {
    uri: 'file:///a.png',
    path: 'images/a.png',
    sizeBytes: 7,
    src: 'https://editor/a.png',
    thumbnail: 'https://editor/a.webp',
    isMissing: false,
  },
  actions: ['open', 'delete'],
};
const toPage: ToPage[] = [
  {
    kind: 'state',
    state: {
      hasKey: true,
      options: {
        model: 'gpt-image-1.5-lite',
        models: ['gpt-image-1.5-lite'],
        sizes: [{ id: '1024x1024', width: 1024, height: 1024, shape: 'square', isRatio: false }],
        resolutions: [{ id: '2K', label: '2K' }],
        isResolutionOfRatios: true,
        backgrounds: [],
        qualities: [{ id: 'auto', label: 'Auto' }],
        maxPromptChars: 2000,
        maxReferences: 16,
        maxCount: 8,
      },
      notices: [
        { kind: 'credits', sentence: 'x', untilMs: 1, actions: [{ action: 'topUp', label: 'y' }] },
      ],
      destination: 'images',
      isOtherDestination: false,
      styles: [{ name: 'ink', before: 'x' }],
      history: ['a fox'],
      credits: 7,
      costs: { 'm 1024x1024 auto  new': 2.5 },
      price: { minUsd: 0.02, maxUsd: 0.08 },
      isEmpty: false,
      workspaces: [{ uri: 'file:///w', label: 'w' }],
    },
  },
  { kind: 'gallery', filter, keys: [1], createdAt: [1], entries: [entry] },
  { kind: 'entries', entries: [entry] },
  { kind: 'draft', draft, references: [reference] },
  { kind: 'nextImage', path: 'images/a-fox.png' },
  { kind: 'nextImage', problem: 'x' },
  { kind: 'references', references: [reference] },
  {
    kind: 'filesMoved',
    references: [{ from: 'file:///old.png', reference }],
    folder: { from: 'file:///old', to: 'file:///new' },
  },
  { kind: 'choices', choice: 1, model: 'm', size: '1:1', quality: '', resolution: '2K' },
  { kind: 'accepted' },
  { kind: 'refused', field: 'prompt', sentence: 'x' },
  { kind: 'announce', sentence: 'x' },
  { kind: 'deleted', sentence: 'x', keys: [1] },
];

const sides: [string, readonly unknown[], (message: unknown) => unknown][] = [
  ['the host', toHost, parseToHost],
  ['the page', toPage, parseToPage],
  [
    'the host of the page that converts',
    [{ kind: 'ready' }, { kind: 'image', bytes: new ArrayBuffer(8), type: 'image/png' }],
    parseFromImagePage,
  ],
  [
    'the page that converts',
    [
      { kind: 'paste', hint: 'x', noImageHint: 'y' },
      {
        kind: 'convert',
        bytes: new Uint8Array(8),
        mime: 'image/bmp',
        size: { width: 1.5, height: 2 },
        maxSidePx: 4096,
        maxBytes: 50_000_000,
        type: 'image/png',
      },
    ],
    parseToImagePage,
  ],
];

for (const [side, samples, parse] of sides) {
  describe(`messages to ${side}`, () => {
    it('are heard when they are in order', () => {
      for (const sample of samples) assert.deepEqual(parse(sample), sample);
    });

    for (const seed of seeds) {
      it(`throw nothing, whatever they are: ${String(perSeed)} of seed ${String(seed)}`, () => {
        const fuzz = createFuzz(seed);
        let [heard, dropped] = [0, 0];
        for (let count = 0; count < perSeed; count += 1) {
          const message = fuzz.below(10) === 0 ? fuzz.value() : fuzz.like(fuzz.pick(samples));
          const parsed = parse(message);
          if (parsed === undefined) dropped += 1;
          else {
            heard += 1;
            assert.ok(longestText(parsed) <= maxTextChars);
          }
        }
        // Neither is all refused, nor all let in.
        assert.ok(heard > perSeed / 20 && dropped > perSeed / 20, `${String(heard)} were heard`);
      });
    }
  });
}

describe('a message to the page with texts that are too long', () => {
  it('is shown with them cut, as all of its entries would be missing else', () => {
    const long = 'x'.repeat(200_000);
    const error = { sentence: long, details: [long], requestId: long };
    const odd = { ...entry, prompt: long, error, references: Array(100).fill(reference) };
    const parsed = parseToPage({ kind: 'entries', entries: [odd, entry] });
    assert.ok(parsed?.kind === 'entries');
    assert.deepEqual(parsed.entries[1], entry);
    assert.ok(JSON.stringify(parsed).length < 250_000);
  });

  it('is dropped when it names a day that there is not, which no page can write', () => {
    const odd = { ...entry, createdAt: 8.64e15 + 1 };
    assert.equal(parseToPage({ kind: 'entries', entries: [odd] }), undefined);
  });
});
