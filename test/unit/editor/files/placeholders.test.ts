import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createPlaceholders,
  type Placeholders,
} from '../../../../src/editor/files/placeholders.ts';
import { sha256OfFile } from '../../../../src/images/sha256.ts';
import { fileUriOf } from '../../../../src/jobs/fileUri.ts';
import type { Job } from '../../../../src/jobs/job.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { placeOnDisk } from '../../../../src/jobs/steps/placeOnDisk.ts';
import type { PlaceImage } from '../../../../src/jobs/steps/saveStep.ts';

describe('a placeholder where an image will be', () => {
  let root: string;
  let site: string;
  let notes: string;
  let jobs: Job[];
  let said: string[];
  let placeholders: Placeholders;
  const bytes = Buffer.from('a placeholder');
  const place: PlaceImage = (request) => placeOnDisk(request, nodePlatform, placeholders.makeWay);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'placeholders-'));
    site = join(root, 'my site');
    notes = join(root, 'notes');
    jobs = [];
    said = [];
    placeholders = open();
    await writeFile(join(root, 'result'), 'the image');
  });
  afterEach(async () => {
    placeholders.dispose();
    await rm(root, { recursive: true });
    assert.deepEqual(said, []);
  });

  const open = () =>
    createPlaceholders({
      folder: notes,
      listUnfinished: () => jobs,
      log: (line) => said.push(line),
    });
  const inSite = (name: string) => join(site, name);
  const put = (name = 'hero.png', what = bytes) => placeholders.put(inSite(name), what, place);
  const names = async () => (await readdir(site)).toSorted();
  const text = (name: string) => readFile(inSite(name), 'utf8');
  const jobFor = (state: Job['state'], name = 'hero', folder = site) =>
    ({
      state,
      destination: { folderUri: fileUriOf(folder), name, isExactName: true, extension: 'png' },
    }) as Job;

  async function saveImage(name = 'hero', folder = site): Promise<string> {
    const sourcePath = join(root, 'result');
    return await place({
      sourcePath,
      sha256: await sha256OfFile(sourcePath),
      folderUri: fileUriOf(folder),
      name,
      extension: '.png',
      jobId: 'job-1',
      choose: () => true,
    });
  }

  async function makeOld(): Promise<void> {
    for (const name of await readdir(notes)) await utimes(join(notes, name), 1, 1);
  }

  it('is replaced by the image, under the very name, and leaves nothing', async () => {
    await put();
    jobs = [jobFor('running')];
    assert.equal(await text('hero.png'), 'a placeholder');
    jobs = [jobFor('downloading')];
    assert.equal(await saveImage(), fileUriOf(inSite('hero.png')));
    assert.equal(await text('hero.png'), 'the image');
    assert.deepEqual(await names(), ['hero.png']);
    assert.deepEqual(await readdir(notes), []);
  });

  it('stays while another image is put into its folder', async () => {
    await put('hero.png');
    await put('other.png', Buffer.from('another placeholder'));
    jobs = [jobFor('running', 'hero'), jobFor('downloading', 'other')];
    await saveImage('other');
    assert.equal(await text('hero.png'), 'a placeholder');
    assert.equal(await text('other.png'), 'the image');
  });

  it('is put over no file, under no other name', async () => {
    await mkdir(site);
    await writeFile(inSite('hero.png'), 'mine');
    await assert.rejects(put(), /taken/);
    assert.deepEqual(await names(), ['hero.png']);
    assert.equal(await text('hero.png'), 'mine');
    await makeOld();
    await placeholders.sweep();
    assert.equal(await text('hero.png'), 'mine');
    assert.deepEqual(await readdir(notes), []);
  });

  it('is replaced by its image, though it was ordered once more meanwhile and found there', async () => {
    await put();
    jobs = [jobFor('running')];
    await assert.rejects(put('hero.png', Buffer.from('another placeholder')), /taken/);
    jobs = [jobFor('downloading')];
    assert.equal(await saveImage(), fileUriOf(inSite('hero.png')));
    assert.deepEqual([await names(), await text('hero.png')], [['hero.png'], 'the image']);
    assert.deepEqual(await readdir(notes), []);
  });

  it('that somebody has changed stays, and the image goes beside it', async () => {
    await put();
    await writeFile(inSite('hero.png'), 'a placeholdeR');
    jobs = [jobFor('downloading')];
    assert.equal(await saveImage(), fileUriOf(inSite('hero-2.png')));
    assert.equal(await text('hero.png'), 'a placeholdeR');
    jobs = [];
    await placeholders.onJob(jobFor('saved'));
    assert.deepEqual(await names(), ['hero-2.png', 'hero.png']);
    assert.deepEqual(await readdir(notes), []);
  });

  for (const state of ['cancelled', 'failed', 'stopped', 'unconfirmed'] as const)
    it(`is taken away when the job is ${state}`, async () => {
      await put();
      await placeholders.onJob(jobFor('running'));
      assert.deepEqual(await names(), ['hero.png']);
      await placeholders.onJob(jobFor(state));
      assert.deepEqual(await names(), []);
      assert.deepEqual(await readdir(notes), []);
    });

  it('stays when one of two jobs for it has ended', async () => {
    await put();
    jobs = [jobFor('running')];
    await placeholders.onJob(jobFor('failed'));
    assert.deepEqual(await names(), ['hero.png']);
  });

  it('is taken away when the job cannot be ordered', async () => {
    const remove = await put();
    await remove();
    assert.deepEqual(await names(), []);
    assert.deepEqual(await readdir(notes), []);
  });

  it('that a killed window left is taken away by the next one, unless its image still comes', async () => {
    await put('hero.png');
    await put('other.png', Buffer.from('another placeholder'));
    await makeOld();
    placeholders = open();
    jobs = [jobFor('queued', 'other')];
    await placeholders.sweep();
    assert.deepEqual(await names(), ['other.png']);
  });

  it('of a job that another window is just ordering is left alone', async () => {
    await put();
    const other = open();
    await other.sweep();
    other.dispose();
    assert.deepEqual(await names(), ['hero.png']);
  });

  it('is known in a folder that was renamed meanwhile', async () => {
    await put();
    const renamed = join(root, 'renamed');
    await rename(site, renamed);
    jobs = [jobFor('downloading', 'hero', renamed)];
    assert.equal(await saveImage('hero', renamed), fileUriOf(join(renamed, 'hero.png')));
    assert.deepEqual(await readdir(renamed), ['hero.png']);
  });

  it('keeps no image from its place, whatever the notes have become', async () => {
    await put();
    const [name = ''] = await readdir(notes);
    for (const content of ['', '{', 'null', '[]', '{"path":1,"sha256":2}']) {
      await writeFile(join(notes, name), content);
      jobs = [jobFor('downloading')];
      await saveImage();
      await placeholders.sweep();
      await placeholders.onJob(jobFor('saved'));
    }
    assert.equal(await text('hero.png'), 'a placeholder');
  });

  it('is no concern of jobs without a name of their own, or on other file systems', async () => {
    await put();
    const { destination } = jobFor('cancelled');
    const { isExactName: _, ...template } = destination;
    await placeholders.onJob({ ...jobFor('cancelled'), destination: template });
    const virtual = { ...destination, folderUri: 'memfs:/my%20site' };
    await placeholders.onJob({ ...jobFor('cancelled'), destination: virtual });
    await placeholders.makeWay('memfs:/my%20site');
    assert.deepEqual(await names(), ['hero.png']);
  });
});
