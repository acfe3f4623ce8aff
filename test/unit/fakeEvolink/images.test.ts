import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { drawFullImage } from '../../fakeEvolink/drawing/fullImage.ts';
import { textPath } from '../../fakeEvolink/drawing/glyphText.ts';
import { wrapText } from '../../fakeEvolink/drawing/wrapText.ts';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { createId, finished, taskMs, wire } from './wire.ts';

const sizes: Record<string, [number, number]> = {
  '1:1': [1024, 1024],
  '2:3': [1024, 1536],
  '3:2': [1536, 1024],
  '1024x1024': [1024, 1024],
  '1024x1536': [1024, 1536],
  '1536x1024': [1536, 1024],
};

/** Fails on damage anywhere in the file, not only in its head. */
async function decodedSize(bytes: Buffer): Promise<[number, number]> {
  const { info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return [info.width, info.height];
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('images', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ taskMs });
  });
  beforeEach(() => api.reset());
  after(() => api.close());

  for (const [size, dimensions] of Object.entries(sizes)) {
    it(`have the size asked for: ${size}`, async () => {
      const { url } = await finished(api, { size });
      const { body, headers } = await wire(url);
      assert.equal(headers['content-type'], 'image/png');
      assert.deepEqual(await decodedSize(body), dimensions);
      assert.equal((await sharp(body).metadata()).format, 'png');
    });
  }

  it('differ for every task, and the server knows the bytes of each', async () => {
    for (let count = 0; count < 20; count += 1) await createId(api);
    await api.advanceClock(taskMs);
    const tasks = await api.tasks();
    const hashes = await Promise.all(
      tasks.map(async (task) => sha256((await wire(String(task.resultUrl))).body)),
    );
    assert.equal(new Set(hashes).size, 20);
    assert.deepEqual(
      hashes,
      tasks.map((task) => task.sha256),
    );
  });

  it('may come as webp or jpeg', async () => {
    for (const format of ['webp', 'jpeg'] as const) {
      await api.fault({ fault: { kind: 'imageFormat', format } });
      const id = await createId(api);
      await api.advanceClock(taskMs);
      const ready = async () => (await api.tasks()).find((task) => task.id === id)?.resultUrl;
      while ((await ready()) === undefined) await new Promise(setImmediate);
      const { body, headers } = await wire(String(await ready()));
      assert.equal(headers['content-type'], `image/${format}`);
      assert.equal((await sharp(body).metadata()).format, format);
    }
  });

  it('need no key, and are counted', async () => {
    const { url } = await finished(api);
    await wire(url);
    await wire(url);
    const [task] = await api.tasks();
    assert.deepEqual([task?.resultFetches, task?.resultDelivered], [2, 2]);
  });

  it('are gone after their time', async () => {
    const { url } = await finished(api);
    await api.advanceClock(24 * 3_600_000 - 60_000);
    assert.equal((await wire(url)).status, 200);
    await api.advanceClock(120_000);
    assert.equal((await wire(url)).status, 410);
  });
});

describe('handsome images', function () {
  this.timeout(10_000);
  const subject = { taskId: 'task-unified-1-aaaaaaaa', referenceCount: 0, references: [] };
  const [width, height] = [1024, 1536];

  it('have the right size and show the prompt', async () => {
    const draw = (prompt: string) => drawFullImage({ ...subject, width, height, prompt });
    const [one, other] = await Promise.all([draw('A red fox'), draw('A red fix')]);
    assert.deepEqual(await decodedSize(one), [width, height]);
    const caption = { left: 0, top: height - 90, width: 300, height: 40 };
    const pixels = (png: Buffer) => sharp(png).extract(caption).raw().toBuffer();
    assert.notDeepEqual(await pixels(one), await pixels(other));
  });

  it('of an edit show their source', async () => {
    const red = { width: 64, height: 64, channels: 3, background: '#e02020' } as const;
    const source = await sharp({ create: red }).png().toBuffer();
    const edit = { ...subject, referenceCount: 1, references: [source], prompt: 'Make it night' };
    const png = await drawFullImage({ ...edit, width, height });
    const middle = await sharp(png)
      .extract({ left: 400, top: 700, width: 100, height: 100 })
      .stats();
    const [r, g] = middle.channels.map((channel) => channel.mean);
    assert.ok((r ?? 0) > 3 * (g ?? 0), `${String(r)} ${String(g)}`);
  });

  it('ignore references that are no images', async () => {
    const edit = { ...subject, referenceCount: 1, references: [Buffer.from('no image')] };
    const png = await drawFullImage({ ...edit, width, height, prompt: 'x' });
    assert.deepEqual(await decodedSize(png), [width, height]);
  });

  it('can write any language, and a box for what no font has', () => {
    for (const text of ['狐狸，水彩画风格', 'Ünïcode', 'Привет', 'ελληνικά', '🦊']) {
      const path = textPath(text, 51.2, 1399.7, 32);
      assert.ok(/^[-\d .MLQCZhv]{50,}$/.test(path), `${text}: ${path.slice(0, 200)}`);
    }
  });

  it('break long prompts and cut what is too much', () => {
    assert.deepEqual(wrapText('a b', 20, 500, 3), ['a b']);
    const lines = wrapText('many words in a row '.repeat(50), 20, 300, 3);
    assert.equal(lines.length, 3);
    assert.ok(lines[2]?.endsWith('…'));
    assert.equal(wrapText('没有空格的文字也要换行'.repeat(3), 20, 300, 5).length, 3);
    assert.deepEqual(wrapText('', 20, 300, 3), []);
  });
});
