import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readlink, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whereItLeads } from '../../../../src/editor/files/whereItLeads.ts';

describe('where a folder of the workspace really lies', () => {
  let root: string;
  let workspace: string;
  let elsewhere: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'leads-')));
    workspace = join(root, 'workspace');
    elsewhere = join(root, 'elsewhere');
    await mkdir(workspace);
    await mkdir(elsewhere);
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const inWorkspace = (...names: string[]) => join(workspace, ...names);
  const leads = (folder: string, roots = [workspace]) =>
    whereItLeads(folder, roots, { realpath, readlink });

  it('is inside for a plain folder, one that is to be made, and the workspace itself', async () => {
    await mkdir(inWorkspace('images'));
    assert.equal(await leads(inWorkspace('images')), undefined);
    assert.equal(await leads(inWorkspace('images', 'not', 'made')), undefined);
    assert.equal(await leads(workspace), undefined);
  });

  it('is outside behind a link, and for what is to be made behind one', async () => {
    await symlink(elsewhere, inWorkspace('images'));
    assert.equal(await leads(inWorkspace('images')), elsewhere);
    assert.equal(await leads(inWorkspace('images', 'not', 'made')), join(elsewhere, 'not', 'made'));
  });

  it('is outside behind two links, and behind one that names its way from here', async () => {
    await symlink(elsewhere, inWorkspace('first'));
    await symlink(inWorkspace('first'), inWorkspace('second'));
    assert.equal(await leads(inWorkspace('second')), elsewhere);
    await symlink(join('..', '..', 'elsewhere'), inWorkspace('third'));
    await assert.rejects(realpath(inWorkspace('third')), { code: 'ENOENT' });
    await symlink(join('..', 'elsewhere'), inWorkspace('fourth'));
    assert.equal(await leads(inWorkspace('fourth')), elsewhere);
  });

  it('is outside in a folder whose name only begins like the workspace’s', async () => {
    await mkdir(`${workspace}-2`);
    await symlink(`${workspace}-2`, inWorkspace('images'));
    assert.equal(await leads(inWorkspace('images')), `${workspace}-2`);
  });

  it('is outside behind a link to the folder above, but not where that leads back', async () => {
    await symlink(root, inWorkspace('up'));
    assert.equal(await leads(inWorkspace('up', 'elsewhere')), elsewhere);
    assert.equal(await leads(inWorkspace('up')), root);
    assert.equal(await leads(inWorkspace('up', 'workspace', 'images')), undefined);
  });

  it('is outside behind a link in a folder of a folder', async () => {
    await mkdir(inWorkspace('a', 'b'), { recursive: true });
    await symlink(elsewhere, inWorkspace('a', 'b', 'images'));
    assert.equal(await leads(inWorkspace('a', 'b', 'images', 'c')), join(elsewhere, 'c'));
  });

  it('is outside behind a link to a folder that is to be made', async () => {
    await symlink(join(elsewhere, 'new'), inWorkspace('images'));
    assert.equal(await leads(inWorkspace('images', 'a')), join(elsewhere, 'new', 'a'));
    await symlink(join('..', 'elsewhere', 'newer'), inWorkspace('here'));
    assert.equal(await leads(inWorkspace('here')), join(elsewhere, 'newer'));
    await symlink('later', inWorkspace('inside'));
    assert.equal(await leads(inWorkspace('inside')), undefined);
  });

  it('is inside behind a link within the workspace, and in a workspace behind a link', async () => {
    await mkdir(inWorkspace('assets'));
    await symlink(inWorkspace('assets'), inWorkspace('images'));
    assert.equal(await leads(inWorkspace('images')), undefined);
    const link = join(root, 'link');
    await symlink(workspace, link);
    assert.equal(await leads(join(link, 'images'), [link]), undefined);
  });

  it('does not ask about a folder that a user chose outside the workspace', async () => {
    assert.equal(await leads(elsewhere), undefined);
    assert.equal(await leads(join(root, 'new')), undefined);
    assert.equal(await leads(elsewhere, []), undefined);
  });

  it('fails for a link that leads to itself', async () => {
    await symlink(inWorkspace('images'), inWorkspace('images'));
    await assert.rejects(leads(inWorkspace('images')), { code: 'ELOOP' });
  });
});
