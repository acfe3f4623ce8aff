import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { AppError, cancelled } from '../../../../src/appError.ts';
import { ConversionError } from '../../../../src/images/convert/conversionError.ts';
import type { Converter } from '../../../../src/images/convert/converter.ts';
import { sha256OfBytes } from '../../../../src/images/sha256.ts';
import type { DownloadingJob, Job, SavedJob } from '../../../../src/jobs/job.ts';
import { type JobEvent, transition } from '../../../../src/jobs/transition.ts';
import type { ResultConversion } from '../../../../src/jobs/resultFiles.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import type { Files } from '../../../../src/jobs/platform.ts';
import { readWhole } from '../../../../src/jobs/steps/convertStep.ts';
import { placeOnDisk } from '../../../../src/jobs/steps/placeOnDisk.ts';
import { createSaveStep, type PlaceImage } from '../../../../src/jobs/steps/saveStep.ts';
import { OwnedElsewhereError } from '../../../../src/jobs/store/storeErrors.ts';
import { sample } from '../sampleJobs.ts';

/** What ends a window in the middle of a step. */
class Killed extends Error {}

const webp: ResultConversion = { format: 'webp', quality: 80 };
const onlyWebp: ResultConversion = { ...webp, replacesOriginal: true };

describe('a result that another file is to be made of', () => {
  let root: string;
  let temp: string;
  let images: string;
  let png: Buffer;
  let made: Buffer;
  let job: Job;
  let conversions: number;
  let convert: Converter['convert'];
  let told: string[];
  let losesProvenance: boolean;

  before(async () => {
    const pixels = sharp({
      create: { width: 8, height: 6, channels: 3, background: { r: 9, g: 99, b: 200 } },
    });
    png = await pixels.png().toBuffer();
    made = await pixels.webp().toBuffer();
  });
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'save-'));
    temp = join(root, 'temp');
    images = join(root, 'images');
    await begin();
  });
  afterEach(() => rm(root, { recursive: true }));

  /** The result is whole in the temporary folder. */
  async function begin(): Promise<void> {
    await mkdir(temp, { recursive: true });
    conversions = 0;
    told = [];
    losesProvenance = false;
    convert = () => {
      conversions += 1;
      const image = { bytes: new Uint8Array(made), sha256: '', width: 8, height: 6 };
      return Promise.resolve({ images: [image], losesProvenance });
    };
    ask(webp);
    await writeFile(join(temp, `${job.id}.image`), png);
  }

  function ask(conversion: ResultConversion, more: Partial<Job['destination']> = {}): void {
    const destination = {
      ...{ folderUri: pathToFileURL(images).href, name: 'a fox', isExactName: true as const },
      ...{ conversion, ...more },
    };
    job = { ...sample.downloading, destination } satisfies DownloadingJob;
  }

  async function save(
    options: {
      files?: Partial<Files>;
      onMove?: (event: JobEvent) => void;
      signal?: AbortSignal;
      place?: PlaceImage;
    } = {},
  ): Promise<SavedJob> {
    const platform = { ...nodePlatform, files: { ...nodePlatform.files, ...options.files } };
    const step = createSaveStep({
      store: { get: () => job },
      place: options.place ?? ((request) => placeOnDisk(request, platform)),
      tempFolder: temp,
      platform,
      converter: { convert: (...given) => convert(...given) },
      move(_, event) {
        options.onMove?.(event);
        job = transition(job, event);
        return job;
      },
      onUnconverted: ({ conversionFault }) => told.push(String(conversionFault)),
      onProvenanceLost: ({ uri }) => told.push(`lost: ${uri}`),
    });
    const result = await readWhole(join(temp, `${job.id}.image`), nodePlatform.files.open);
    const signal = options.signal ?? new AbortController().signal;
    return (await step(job as DownloadingJob, result, signal)) as SavedJob;
  }

  const there = async () => (await readdir(images).catch(() => [])).toSorted();
  const bytesAt = async (uri: string) => await readFile(fileURLToPath(uri));

  it('is saved, and that file beside it', async () => {
    const saved = await save();
    assert.deepEqual(await there(), ['a fox.png', 'a fox.webp']);
    assert.deepEqual(await bytesAt(saved.uri), png);
    assert.deepEqual(saved.converted, {
      uri: pathToFileURL(join(images, 'a fox.webp')).href,
      sha256: sha256OfBytes(made),
      ...{ sizeBytes: made.length, width: 8, height: 6 },
    });
    assert.deepEqual(await bytesAt(saved.converted.uri), made);
    assert.deepEqual([told, await readdir(temp)], [[], []]);
  });

  it('is not saved beside a file that takes its place, and says what that is', async () => {
    ask(onlyWebp);
    const saved = await save();
    assert.deepEqual(await there(), ['a fox.webp']);
    assert.deepEqual(await bytesAt(saved.uri), made);
    assert.deepEqual([saved.isConverted, saved.sha256], [true, sha256OfBytes(made)]);
    assert.equal(saved.converted, undefined);
    assert.deepEqual(await readdir(temp), []);
  });

  it('is left as it is where it is what was asked for', async () => {
    for (const conversion of [
      { ...webp, format: 'png' },
      { ...onlyWebp, format: 'png', maxWidth: 8 },
    ] as const) {
      ask(conversion);
      await writeFile(join(temp, `${job.id}.image`), png);
      const saved = await save();
      assert.deepEqual([await bytesAt(saved.uri), saved.isConverted], [png, undefined]);
    }
    assert.equal(conversions, 0);
  });

  for (const format of ['png', 'jpeg', 'webp'] as const)
    it(`keeps its format, ${format}, where it is only to be narrower`, async () => {
      const result = await sharp(png).toFormat(format).toBuffer();
      await writeFile(join(temp, `${job.id}.image`), result);
      convert = async ({ bytes, format: asked, widths: [width] }) => {
        const narrow = sharp(bytes).resize(width).toFormat(asked);
        const image = { bytes: await narrow.toBuffer(), sha256: '', width: 4, height: 3 };
        return { images: [image], losesProvenance: false };
      };
      ask({ quality: 80, maxWidth: 4 });
      const saved = await save();
      const end = format === 'jpeg' ? 'jpg' : format;
      assert.deepEqual(await there(), [`a fox-4.${end}`, `a fox.${end}`]);
      assert.deepEqual(await bytesAt(saved.uri), result);
      const narrow = await sharp(await bytesAt(saved.converted?.uri ?? '')).metadata();
      assert.deepEqual([narrow.format, narrow.width], [format, 4]);
    });

  it('has its number in the name of that file, unless the name is asked for exactly', async () => {
    await mkdir(images);
    await writeFile(join(images, 'a fox.png'), 'mine');
    ask(webp, { name: 'a fox' });
    const { isExactName: _, ...destination } = job.destination;
    job = { ...(job as DownloadingJob), destination };
    const numbered = await save();
    assert.equal(numbered.uri, pathToFileURL(join(images, 'a fox-2.png')).href);
    assert.equal(numbered.converted?.uri, pathToFileURL(join(images, 'a fox-2.webp')).href);
    await begin();
    const exact = await save();
    assert.equal(exact.uri, pathToFileURL(join(images, 'a fox-3.png')).href);
    assert.equal(exact.converted?.uri, pathToFileURL(join(images, 'a fox.webp')).href);
  });

  it('overwrites nothing that came meanwhile', async () => {
    const first = convert;
    convert = async (...given) => {
      await mkdir(images, { recursive: true });
      await writeFile(join(images, 'a fox.webp'), 'mine');
      return await first(...given);
    };
    for (const conversion of [webp, onlyWebp]) {
      ask(conversion);
      await writeFile(join(temp, `${job.id}.image`), png);
      const saved = await save();
      assert.deepEqual(await bytesAt(saved.converted?.uri ?? saved.uri), made);
      assert.equal(await readFile(join(images, 'a fox.webp'), 'utf8'), 'mine');
    }
  });

  for (const conversion of [webp, onlyWebp]) {
    const way = conversion.replacesOriginal ? 'in its place' : 'beside it';

    it(`is saved as it came, and says why, when no file can be made ${way}`, async () => {
      for (const [thrown, fault] of [
        [new ConversionError('tooSlow'), 'tooSlow'],
        [new ConversionError('undecodable'), 'undecodable'],
        [new Error('no such thread'), 'unencodable'],
      ] as const) {
        await begin();
        ask(conversion);
        convert = () => Promise.reject(thrown);
        const saved = await save();
        assert.deepEqual(await bytesAt(saved.uri), png);
        assert.deepEqual([saved.conversionFault, saved.isConverted], [fault, undefined]);
        assert.deepEqual([told, await there()], [[fault], ['a fox.png']]);
        await rm(images, { recursive: true });
      }
    });

    it(`is saved as it came when what was made ${way} is not whole, or of another type`, async () => {
      for (const bytes of [new Uint8Array(), made.subarray(0, 20), png]) {
        await begin();
        ask(conversion);
        const image = { bytes, sha256: '', width: 8, height: 6 };
        convert = () => Promise.resolve({ images: [image], losesProvenance: false });
        assert.equal((await save()).conversionFault, 'unencodable');
        assert.deepEqual(await there(), ['a fox.png']);
        await rm(images, { recursive: true });
      }
    });

    it(`is on the disk once when its window is killed at any moment, with a file ${way}`, async () => {
      let moments = 0;
      for (let left = 1; ; left += 1) {
        await begin();
        await rm(images, { recursive: true, force: true });
        ask(conversion);
        if (!(await isKilledAt(left))) break;
        moments = left;
        const saved = await save();
        const expected = conversion.replacesOriginal ? ['a fox.webp'] : ['a fox.png', 'a fox.webp'];
        const files = (await there()).filter((name) => !name.startsWith('.'));
        assert.deepEqual(files, expected, `killed at ${String(left)}`);
        assert.deepEqual(await bytesAt(saved.converted?.uri ?? saved.uri), made);
        if (!conversion.replacesOriginal) assert.deepEqual(await bytesAt(saved.uri), png);
      }
      assert.ok(moments > 20, `only ${String(moments)} moments`);
    });
  }

  /** At the so-manieth call of a door, counted from 1. @returns whether there were so many. */
  async function isKilledAt(left: number): Promise<boolean> {
    let calls = 0;
    const pass = () => {
      calls += 1;
      if (calls >= left) throw new Killed();
    };
    const killing = Object.fromEntries(
      Object.entries(nodePlatform.files).map(([name, call]) => [
        name,
        async (...given: unknown[]) => {
          pass();
          return await (call as (...all: unknown[]) => Promise<unknown>)(...given);
        },
      ]),
    ) as unknown as Files;
    const converting = convert;
    convert = async (...given) => {
      pass();
      return await converting(...given);
    };
    try {
      await save({ files: killing, onMove: pass });
      return false;
    } catch (thrown) {
      assert.ok(thrown instanceof Killed, String(thrown));
      return job.state !== 'saved';
    } finally {
      convert = converting;
    }
  }

  it('is not converted again and again when that ends the window each time', async () => {
    ask(onlyWebp);
    for (let turn = 0; turn < 3; turn += 1) {
      convert = () => new Promise(() => undefined);
      await new Promise<void>((resolve) => {
        void save({
          onMove({ type }) {
            if (type === 'converting') setImmediate(resolve);
          },
        });
      });
    }
    const saved = await save();
    assert.deepEqual(await there(), ['a fox.png']);
    assert.deepEqual([saved.conversionFault, told], ['interrupted', ['interrupted']]);
  });

  it('is converted once, though the store is locked when that is done', async () => {
    for (const conversion of [webp, onlyWebp]) {
      await begin();
      ask(conversion);
      for (const locked of ['placing', 'saved', 'saved', 'saved', 'saved'])
        await assert.rejects(
          save({
            onMove({ type }) {
              if (type === locked && conversions > 0) throw new Killed();
            },
          }),
        );
      await save();
      assert.equal(conversions, 1);
      await rm(images, { recursive: true });
    }
  });

  it('stays what it was decided to be when its window is killed after that', async () => {
    ask(onlyWebp);
    const first = convert;
    convert = () => Promise.reject(new ConversionError('tooSlow'));
    const onMove = ({ type }: JobEvent) => {
      if (type === 'saved') throw new Killed();
    };
    await assert.rejects(save({ onMove }));
    convert = first;
    assert.equal((await save()).conversionFault, 'tooSlow');
    assert.deepEqual(await there(), ['a fox.png']);
  });

  it('counts no try of a window that closes', async () => {
    const closing = new AbortController();
    convert = () => {
      closing.abort();
      return Promise.reject(cancelled());
    };
    ask(onlyWebp);
    for (let turn = 0; turn < 5; turn += 1)
      await assert.rejects(save({ signal: closing.signal }), { code: 'cancelled' });
    assert.equal((job as DownloadingJob).conversionTries, 0);
    assert.deepEqual([await there(), await readdir(temp)], [[], [`${job.id}.image`]]);
  });

  it('waits for a disk with room where it is not saved itself', async () => {
    const noRoom = Object.assign(new Error('no room'), { code: 'ENOSPC', syscall: 'open' });
    const files: Partial<Files> = {
      open: (path, ...given) =>
        path.startsWith(temp) && path.endsWith('.part')
          ? Promise.reject(noRoom)
          : nodePlatform.files.open(path, ...given),
    };
    ask(onlyWebp);
    await assert.rejects(save({ files }), { code: 'ENOSPC' });
    assert.deepEqual([await there(), await readdir(temp)], [[], [`${job.id}.image`]]);
    assert.deepEqual(await bytesAt((await save()).uri), made);
    await begin();
    await rm(images, { recursive: true });
    const saved = await save({ files });
    assert.deepEqual([saved.conversionFault, await there()], ['unwritable', ['a fox.png']]);
  });

  it('stays where it is when the file beside it is refused its place', async () => {
    const refused = Object.assign(new Error('refused'), { code: 'EROFS', syscall: 'open' });
    let opened = 0;
    const files: Partial<Files> = {
      open: (path, ...given) => {
        if (path.startsWith(images) && path.endsWith('.part')) opened += 1;
        const isSecond = conversions > 0 && path.endsWith('.part') && path.startsWith(images);
        return isSecond ? Promise.reject(refused) : nodePlatform.files.open(path, ...given);
      },
    };
    const saved = await save({ files });
    assert.ok(opened > 1);
    assert.deepEqual([saved.conversionFault, told], ['unwritable', ['unwritable']]);
    assert.deepEqual([await there(), await bytesAt(saved.uri)], [['a fox.png'], png]);
  });

  it('stays where it is whatever the folder says of the file beside it', async () => {
    for (const refusal of [
      new AppError('writeFailed', 'This folder is not to be written to'),
      Object.assign(new Error('over quota'), { code: 'Unknown' }),
      new TypeError('not a function'),
    ]) {
      await begin();
      const place: PlaceImage = (request) =>
        conversions > 0 ? Promise.reject(refusal) : placeOnDisk(request, nodePlatform);
      const saved = await save({ place });
      assert.deepEqual([saved.conversionFault, await bytesAt(saved.uri)], ['unwritable', png]);
      assert.deepEqual(await there(), ['a fox.png']);
      await rm(images, { recursive: true });
    }
  });

  it('is not saved by a window that has lost it while it was converted', async () => {
    const onMove = ({ type }: JobEvent) => {
      if (type === 'placing' && conversions > 0) throw new OwnedElsewhereError(job.id);
    };
    await assert.rejects(save({ onMove }), OwnedElsewhereError);
    assert.equal(job.state, 'downloading');
    assert.deepEqual(await there(), ['a fox.png']);
    await save();
    assert.deepEqual(await there(), ['a fox.png', 'a fox.webp']);
  });

  it('is saved once, with its file, when it was stopped again and again while it was converted', async () => {
    const first = convert;
    for (const conversion of [webp, onlyWebp]) {
      await begin();
      ask(conversion);
      for (let turn = 0; turn < 5; turn += 1) {
        const stop = new AbortController();
        convert = () => {
          job = transition(job, { type: 'stopped' });
          stop.abort();
          return Promise.reject(cancelled());
        };
        await assert.rejects(save({ signal: stop.signal }), { code: 'cancelled' });
        job = transition(job, { type: 'resumed' });
      }
      convert = first;
      const saved = await save();
      assert.equal(saved.conversionFault, undefined);
      const expected = conversion.replacesOriginal ? ['a fox.webp'] : ['a fox.png', 'a fox.webp'];
      assert.deepEqual(await there(), expected);
      await rm(images, { recursive: true });
    }
  });

  it('has no file of a format that a later version knows', async () => {
    ask({ ...webp, format: 'avif' as 'webp' });
    assert.equal((await save()).conversionFault, 'unencodable');
    assert.deepEqual(await there(), ['a fox.png']);
  });

  it('says that the record of its origin is not carried on', async () => {
    losesProvenance = true;
    const saved = await save();
    assert.deepEqual(told, [`lost: ${saved.uri}`]);
  });

  it('is saved in the folder that is chosen while it is converted', async () => {
    const other = join(root, 'other');
    const first = convert;
    convert = async (...given) => {
      job = transition(job, { type: 'redirected', folderUri: pathToFileURL(other).href });
      return await first(...given);
    };
    ask(onlyWebp);
    assert.equal((await save()).uri, pathToFileURL(join(other, 'a fox.webp')).href);
  });
});
