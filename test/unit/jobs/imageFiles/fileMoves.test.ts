import { strict as assert } from 'node:assert';
import { afterMoves, commonStartOf, fileMoves } from '../../../../src/jobs/imageFiles/fileMoves.ts';
import { image, sample } from '../sampleJobs.ts';

describe('where files are after a move', () => {
  const place = (from: string, to: string, uri: string) => fileMoves([{ from, to }]).placeOf(uri);

  it('is the new place of the file, or of what was in the folder', () => {
    assert.equal(
      place('file:///a/fox.png', 'file:///b/fox.png', 'file:///a/fox.png'),
      'file:///b/fox.png',
    );
    assert.equal(place('file:///a', 'file:///b/c', 'file:///a/x/fox.png'), 'file:///b/c/x/fox.png');
    assert.equal(place('memfs:/a', 'memfs:/b', 'memfs:/a/fox.png'), 'memfs:/b/fox.png');
  });

  it('is no other for a name that only begins like it', () => {
    assert.equal(place('file:///a', 'file:///b', 'file:///ab/fox.png'), undefined);
    assert.equal(place('file:///a/fox', 'file:///b', 'file:///a/fox.png'), undefined);
    assert.equal(place('file:///a/fox.png', 'file:///b', 'file:///a'), undefined);
    assert.equal(place('file:///A/fox.png', 'file:///b', 'file:///a/fox.png'), undefined);
  });

  it('follows a change of letter case, and names of all scripts', () => {
    assert.equal(
      place('file:///a/Fox.png', 'file:///a/fox.png', 'file:///a/Fox.png'),
      'file:///a/fox.png',
    );
    const fox = 'file:///%E7%8B%90/%C3%A9t%C3%A9.png';
    assert.equal(place('file:///%E7%8B%90', 'file:///b', fox), 'file:///b/%C3%A9t%C3%A9.png');
  });

  it('is told of all that moved at once, also of names that were exchanged', () => {
    const { placeOf } = fileMoves([
      { from: 'file:///a/1.png', to: 'file:///a/2.png' },
      { from: 'file:///a/2.png', to: 'file:///a/1.png' },
      { from: 'file:///a', to: 'file:///b' },
    ]);
    assert.equal(placeOf('file:///a/1.png'), 'file:///a/2.png');
    assert.equal(placeOf('file:///a/2.png'), 'file:///a/1.png');
    assert.equal(placeOf('file:///a/3.png'), 'file:///b/3.png');
  });

  it('are looked for by what all of them begin with', () => {
    assert.equal(commonStartOf(['file:///a/fox.png', 'file:///a/fish.png']), 'file:///a/f');
    assert.equal(commonStartOf(['file:///a']), 'file:///a');
    assert.equal(commonStartOf(['file:///a', 'memfs:/a']), '');
    // A row has these as JSON escapes them.
    assert.equal(commonStartOf(['odd:/a"b']), 'odd:/a');
    assert.equal(commonStartOf([]), '');
  });
});

describe('a job after files moved', () => {
  const moves = fileMoves([{ from: 'file:///workspace/a', to: 'file:///workspace/b' }]);
  const inFolder = {
    references: ['https://a.example/x.png', 'file:///workspace/a/source.png'],
    destination: { folderUri: 'file:///workspace/a', name: 'fox' },
    workspaceUri: 'file:///workspace',
  };
  const movedTo = {
    references: ['https://a.example/x.png', 'file:///workspace/b/source.png'],
    destination: { folderUri: 'file:///workspace/b', name: 'fox' },
  };

  for (const job of Object.values(sample))
    it(`has its references and its folder there: ${job.state}`, () => {
      const { target: _, ...before } = { target: undefined, ...job, ...inFolder };
      assert.deepEqual(afterMoves(before as typeof job, moves), { ...before, ...movedTo });
    });

  it('has its image there', () => {
    const job = { ...sample.saved, uri: 'file:///workspace/a/fox.png' };
    assert.deepEqual(afterMoves(job, moves), { ...job, uri: 'file:///workspace/b/fox.png' });
    assert.equal(afterMoves(sample.saved, moves), undefined);
  });

  it('has the file that was made of its image there', () => {
    const converted = { ...image, uri: 'file:///a/fox.webp' };
    const job = { ...sample.saved, converted };
    const moved = afterMoves(job, fileMoves([{ from: 'file:///a', to: 'file:///b' }]));
    assert.deepEqual(moved, { ...job, converted: { ...converted, uri: 'file:///b/fox.webp' } });
    assert.equal(afterMoves(job, fileMoves([{ from: 'file:///c', to: 'file:///b' }])), undefined);
  });

  it('keeps a folder outside the workspace that it waits for, and one where it has a place', () => {
    const outside = fileMoves([{ from: 'file:///workspace/a', to: 'file:///other/a' }]);
    const after = afterMoves({ ...sample.queued, ...inFolder }, outside);
    assert.deepEqual(after?.destination, inFolder.destination);
    const target = { uri: 'file:///workspace/a/fox.png', sha256: 'ab' };
    const placing = { ...sample.downloading, ...inFolder, references: [], target };
    assert.equal(afterMoves(placing, moves), undefined);
  });
});
