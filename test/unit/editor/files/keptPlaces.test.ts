import assert from 'node:assert/strict';
import { createKeptPlaces } from '../../../../src/editor/files/keptPlaces.ts';

describe('the places to follow', () => {
  const place = { offset: 1 };
  const other = { offset: 2 };

  it('include one that no job was ordered from yet, until it is released', () => {
    const places = createKeptPlaces<typeof place>(5);
    places.hold(place);
    assert.deepEqual([...places.all()], [place]);
    places.release(place);
    assert.equal(places.all().size, 0);
  });

  it('include the place of a job after it was released, each once', () => {
    const places = createKeptPlaces<typeof place>(5);
    places.hold(place);
    places.hold(other);
    places.keep(['a', 'b'], place);
    assert.equal(places.all().size, 2);
    places.release(place);
    places.release(other);
    assert.deepEqual([...places.all()], [place]);
    assert.equal(places.of('b'), place);
  });

  it('are those of the last jobs', () => {
    const places = createKeptPlaces<typeof place>(2);
    places.keep(['a'], place);
    places.keep(['b', 'c'], other);
    assert.equal(places.of('a'), undefined);
    assert.deepEqual([...places.all()], [other]);
  });
});
