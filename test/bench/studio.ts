import { measureScrolling } from './studioScrolling.ts';
import { type Figure, median } from './figure.ts';
import { type GalleryWindow, openGalleryWindow } from './galleryWindow.ts';
import { searchMs } from './studioSearch.ts';

const fewEntries = 8;
const manyEntries = 10_000;
const windows = 4;
const rounds = 10;
/** A window has much to do when it opens, and that is not what is measured. */
const settleMs = 5_000;
const openingLimit = 1.5;
const manyLimit = 1.5;

/** The Studio in the real workbench: how soon it is there, and what ten thousand images cost. */
export async function measureStudio(): Promise<Figure[]> {
  const few = await openGalleryWindow(fewEntries);
  try {
    const many = await openGalleryWindow(manyEntries);
    try {
      return [
        ...(await measureFirstOpening(few)),
        ...(await measureOpening(few, many)),
        ...(await measureSearch(few, many)),
        ...(await measureScrolling(many)),
      ];
    } finally {
      await many.stop();
    }
  } finally {
    await few.stop();
  }
}

/** The first panel of a window has its code to load, and the first webview of it the editor's. */
async function measureFirstOpening(few: GalleryWindow): Promise<Figure[]> {
  const word: number[] = [];
  const studio: number[] = [];
  const measure = [
    async () => word.push(...(await few.open('word', ['word']))),
    async () => studio.push(...(await few.open('studio', ['generate']))),
  ];
  for (let count = 0; count < windows; count += 1) {
    await few.reload();
    await few.page.waitForTimeout(settleMs);
    await inTurn(count, measure);
  }
  return [
    { name: 'Studio, first opening in a window', value: ms(studio) },
    {
      name: 'the same / one-word webview',
      ...ratioFigure(studio, word),
    },
  ];
}

async function measureOpening(few: GalleryWindow, many: GalleryWindow): Promise<Figure[]> {
  const word: number[] = [];
  const studio: number[] = [];
  const prompt: number[] = [];
  const paint = { few: [] as number[], many: [] as number[] };
  // The first time thumbnails are made.
  for (const gallery of [few, many]) await gallery.open('studio', ['picture']);
  const measure = [
    async () => word.push(...(await few.open('word', ['word']))),
    async () => {
      const sights = ['prompt', 'generate', 'picture'] as const;
      const [promptMs = 0, generateMs = 0, pictureMs = 0] = await few.open('studio', sights);
      prompt.push(promptMs);
      studio.push(generateMs);
      paint.few.push(pictureMs);
    },
    async () => paint.many.push(...(await many.open('studio', ['picture']))),
  ];
  for (let round = 0; round < rounds; round += 1) await inTurn(round, measure);
  return [
    { name: 'one-word webview, from command to shown', value: ms(word) },
    { name: 'Studio, from command to Generate', value: ms(studio) },
    {
      name: 'Studio / one-word webview',
      ...ratioFigure(studio, word, openingLimit),
    },
    { name: 'the same, to a prompt that can be written', value: ms(prompt) },
    {
      name: 'the quickest Studio / the quickest one-word webview',
      ...ratioFigure([Math.min(...studio)], [Math.min(...word)]),
    },
    { name: `first picture, ${String(fewEntries)} entries`, value: ms(paint.few) },
    { name: `first picture, ${manyEntries.toLocaleString('en')} entries`, value: ms(paint.many) },
    {
      name: 'the latter / the former',
      ...ratioFigure(paint.many, paint.few, manyLimit),
    },
  ];
}

async function measureSearch(few: GalleryWindow, many: GalleryWindow): Promise<Figure[]> {
  const times = { few: [] as number[], many: [] as number[] };
  for (const gallery of [few, many]) await gallery.open('studio', ['picture']);
  const firstMs = await searchMs(many, 'violin');
  await searchMs(few, 'violin');
  const words = ['fox', 'lighthouse', 'harbour', 'forest', 'kitchen', 'robot', 'violin'];
  for (let round = 0; round < rounds; round += 1) {
    const word = words[round % words.length] ?? '';
    await inTurn(round, [
      async () => times.few.push(await searchMs(few, word)),
      async () => times.many.push(await searchMs(many, word)),
    ]);
  }
  return [
    {
      name: `first search ever in ${manyEntries.toLocaleString('en')} entries, which makes the index`,
      value: ms([firstMs]),
    },
    { name: `search, ${String(fewEntries)} entries`, value: ms(times.few) },
    { name: `search, ${manyEntries.toLocaleString('en')} entries`, value: ms(times.many) },
    {
      name: 'the latter / the former',
      ...ratioFigure(times.many, times.few, manyLimit),
    },
  ];
}

/** Whoever goes first may pay for what all share, so they take turns at it. */
async function inTurn(round: number, measure: (() => Promise<unknown>)[]): Promise<void> {
  for (const each of round % 2 === 0 ? measure : measure.toReversed()) await each();
}

function ratioFigure(ours: number[], theirs: number[], limit?: number): Omit<Figure, 'name'> {
  const ratio = median(ours) / median(theirs);
  const value = `${ratio.toFixed(2)} ×`;
  if (limit === undefined) return { value };
  return { value, limit: `≤ ${String(limit)} ×`, isMet: ratio <= limit };
}

function ms(values: number[]): string {
  return `${median(values).toFixed(0)} ms`;
}
