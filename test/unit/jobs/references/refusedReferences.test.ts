import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Sharp } from 'sharp';
import { failure, never } from '../../evolink/setup.ts';
import { megabyte, plain, ReferenceFixture } from './referenceFixture.ts';

describe('a reference that cannot be sent', () => {
  const fixture = new ReferenceFixture().use();
  const odd = 'ein "Bild" \u202e🦊.png';
  const whole = /is not a whole PNG, JPEG or WebP image$/;
  const bad: [string, (path: string) => Promise<unknown>, string, RegExp][] = [
    ['vanished', () => Promise.resolve(), 'badRequest', /cannot be read$/],
    ['a dangling link', (path) => symlink('/nowhere', path), 'badRequest', /cannot be read$/],
    ['empty', (path) => writeFile(path, ''), 'badRequest', /is empty$/],
    ['a folder', (path) => mkdir(path), 'badRequest', /is a folder, not an image$/],
    ['words', (path) => writeFile(path, 'words'), 'badRequest', /is not a whole PNG, JPEG/],
    [
      'a GIF',
      async (path) => {
        await writeFile(path, await plain('red').gif().toBuffer());
      },
      'badRequest',
      /is not a PNG, JPEG or WebP image$/,
    ],
    [
      'cut off',
      async (path) => {
        const jpeg = await plain('red', 200, 100).jpeg().toBuffer();
        await writeFile(path, jpeg.subarray(0, -40));
      },
      'badRequest',
      whole,
    ],
    [
      'a PNG with zeros in its middle',
      async (path) => {
        const png = await plain('red', 200, 100).png({ compressionLevel: 0 }).toBuffer();
        await writeFile(path, png.fill(0, 20_000, 24_096));
      },
      'badRequest',
      whole,
    ],
    [
      'a HEIC',
      (path) => writeFile(path, '\0\0\0\x18ftypheic\0\0\0\0mif1heic'),
      'badRequest',
      /is not a PNG, JPEG or WebP image$/,
    ],
    [
      'too large',
      async (path) => {
        await writeFile(path, '');
        await truncate(path, 50 * megabyte + 1);
      },
      'tooLarge',
      /is larger than 50 MB$/,
    ],
  ];
  for (const [what, spoil, code, words] of bad)
    it(`is named when it is ${what}, and nothing at all is sent`, async () => {
      const path = join(fixture.folder, odd);
      await spoil(path);
      const job = fixture.begin(await fixture.png('good.png'), pathToFileURL(path).href);
      const error = await failure(fixture.prepare(job));
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.ok(error.message.startsWith(odd), error.message);
      // For sentences in the user's language.
      assert.equal(error.details.reference?.name, odd);
      assert.deepEqual([await fixture.api.log(), fixture.store.uploads.list()], [[], []]);
      assert.ok(fixture.disposed.length >= 1);
    });

  /** Each has a place in it, and its head and its end are as they should be. */
  const unreadable: [string, () => Promise<Buffer>][] = [
    [
      'JPEG with a segment that has no length',
      async () => {
        const jpeg = await withPlace(plain('red', 200, 100).jpeg()).toBuffer();
        const scan = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
        const segment = Buffer.from([0xff, 0xeb, 0, 0]);
        return Buffer.concat([jpeg.subarray(0, scan), segment, jpeg.subarray(scan)]);
      },
    ],
    [
      'WebP with a chunk that is larger than it',
      async () => {
        const webp = await withPlace(plain('red', 200, 100).webp()).toBuffer();
        webp.writeUInt32LE(webp.length, webp.indexOf('EXIF') + 4);
        return webp;
      },
    ],
  ];
  for (const [what, make] of unreadable)
    it(`is refused and not sent with its place, when it is a ${what}`, async () => {
      const bytes = await make();
      assert.ok(bytes.includes('Secret Place'));
      for (const removesMetadata of [true, false]) {
        fixture.choices.removesMetadata = removesMetadata;
        const error = await failure(
          fixture.prepare(fixture.begin(await fixture.write('a.x', bytes))),
        );
        assert.equal(error.details.reference?.problem, 'notWhole');
      }
      assert.deepEqual([await fixture.api.log(), fixture.store.uploads.list()], [[], []]);
    });

  it('is named when the service refuses it, and the others are deleted with the job', async () => {
    const refusal = {
      kind: 'status',
      status: 400,
      shape: 'msg',
      code: 40002,
      message: 'Unsupported file type',
    } as const;
    await fixture.api.fault({ match: { route: 'uploadStream', nth: 3 }, fault: refusal });
    const colours = ['red', 'green', 'blue'];
    const uris = await fixture.pngs(...colours);
    const job = fixture.begin(...uris);
    const error = await failure(fixture.prepare(job));
    assert.match(error.message, /^(red|green|blue)\.png: Unsupported file type$/);
    const { name, problem, reason } = error.details.reference ?? {};
    assert.deepEqual([problem, reason], ['refused', 'Unsupported file type']);
    assert.match(String(name), /^(red|green|blue)\.png$/);
    await fixture.end(job);
    // What the refusal broke off may still arrive, and is waited for.
    while (fixture.store.uploads.list().length > 0) {
      await sleep(10);
      fixture.now += 1_000;
      await fixture.uploads.sweep(never);
    }
    assert.deepEqual(await fixture.present(), []);
  });

  it('says when there may be no more files', async () => {
    await fixture.api.configure({ maxFiles: 0, fileErrorsOn200: true });
    const error = await failure(fixture.prepare(fixture.begin(await fixture.png('a.png'))));
    assert.deepEqual([error.code, error.details.providerCode], ['badRequest', 'files_quota']);
    assert.deepEqual(fixture.store.uploads.list(), []);
  });

  it('that changed while it was sent is used by nobody', async () => {
    const uri = await fixture.large('a.png');
    let isChanged = false;
    const job = fixture.begin(uri);
    const work = fixture.uploads.prepare(job, never, () => {
      if (isChanged) return;
      isChanged = true;
      void fixture
        .large('b.png')
        .then(() => writeFile(fileURLToPath(uri), randomBytes(100), { flag: 'r+' }));
    });
    // Slow enough for the change to come before the end.
    await fixture.api.fault({
      match: { route: 'uploadStream' },
      fault: { kind: 'slow', firstByteMs: 300 },
    });
    const error = await failure(work);
    assert.equal(error.message, 'a.png: The file changed while it was sent');
    assert.deepEqual(error.details.reference, { name: 'a.png', problem: 'changed' });
    await fixture.end(job);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });
});

function withPlace(image: Sharp): Sharp {
  return image.withExif({ IFD0: { Copyright: 'Secret Place' }, IFD3: { GPSLatitudeRef: 'N' } });
}
