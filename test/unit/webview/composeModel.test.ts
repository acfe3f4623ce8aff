import assert from 'node:assert/strict';
import type { Draft, Reference } from '../../../src/shared/studio/draft.ts';
import type { State } from '../../../src/shared/studio/state.ts';
import type { ToHost, ToPage } from '../../../src/shared/studioProtocol.ts';

/** The page's draft, without the types of a browser. */
interface Compose {
  draft: Draft;
  isChoosing: boolean;
  change: (change: Partial<Draft>) => void;
  chooseSize: (size: string) => void;
  receiveReferences: (references: Reference[]) => void;
  setReferences: (references: Reference[]) => void;
  restore: (draft: Draft) => void;
  chooseModel: (model: string) => void;
  receiveChoices: (answer: Extract<ToPage, { kind: 'choices' }>) => void;
  receiveDraft: (draft: Draft, references: Reference[], isOthers?: boolean) => void;
  followFiles: (moved: Extract<ToPage, { kind: 'filesMoved' }>) => void;
  receiveState: (state: State) => void;
  generate: (state: State) => void;
}

const draft: Draft = {
  prompt: 'a fox',
  references: [],
  size: '1:1',
  quality: '',
  count: 1,
  writtenAt: 1,
};

function stateOf(model: string, options: Partial<State['options']> = {}): State {
  return {
    hasKey: true,
    options: {
      model,
      models: ['a', 'b', 'c'],
      sizes: [{ id: '1:1', width: 1, height: 1, isRatio: true }],
      qualities: [],
      resolutions: [],
      isResolutionOfRatios: false,
      backgrounds: [],
      maxPromptChars: 100,
      maxReferences: 1,
      maxCount: 8,
      ...options,
    },
    notices: [],
    destination: 'images/',
    isOtherDestination: false,
    styles: [],
    history: [],
    costs: {},
    isEmpty: true,
    workspaces: [],
  };
}
const resolutions = ['1K', '2K'].map((id) => ({ id, label: id }));

describe('the draft of the page', () => {
  // Typed for a browser, so that their paths are no literals here.
  const hostPath: string = '../../../src/webview/studio/host.ts';
  const modelPath: string = '../../../src/webview/studio/compose/composeModel.ts';
  let host: { post: (message: ToHost) => void };
  let post: typeof host.post;
  let sent: ToHost[] = [];
  let timers: (() => void)[] = [];
  let compose: Compose;
  let create: () => Compose;

  before(async () => {
    const window = { setTimeout: (run: () => void) => timers.push(run) };
    Object.assign(globalThis, { acquireVsCodeApi: () => ({}), window });
    ({ host } = (await import(hostPath)) as { host: typeof host });
    ({ post } = host);
    host.post = (message) => sent.push(message);
    const { ComposeModel } = (await import(modelPath)) as {
      ComposeModel: new (changed: () => void) => Compose;
    };
    create = () => new ComposeModel(() => undefined);
  });
  beforeEach(() => {
    [sent, timers] = [[], []];
    compose = create();
  });
  after(() => {
    host.post = post;
    Reflect.deleteProperty(globalThis, 'acquireVsCodeApi');
    Reflect.deleteProperty(globalThis, 'window');
  });

  const generated = () => sent.filter(({ kind }) => kind === 'generate');
  const choices = (choice: number, model: string) =>
    ({ kind: 'choices', choice, model, size: '1:1', quality: '' }) as const;

  it('is not submitted while another model is shown than its own', () => {
    compose.receiveState(stateOf('a'));
    compose.receiveDraft({ ...draft, model: 'b' }, []);
    compose.generate(stateOf('a'));
    assert.deepEqual(generated(), []);
    compose.receiveState(stateOf('b'));
    compose.generate(stateOf('b'));
    assert.deepEqual(generated(), [{ kind: 'generate', draft: compose.draft, model: 'b' }]);
  });

  it('is submitted with the name of the model that is shown, where none was chosen', () => {
    compose.receiveDraft(draft, []);
    compose.receiveState(stateOf('a'));
    compose.generate(stateOf('a'));
    assert.deepEqual(generated(), [{ kind: 'generate', draft, model: 'a' }]);
  });

  it('is for the last of several models chosen quickly, and nothing else meanwhile', () => {
    compose.receiveDraft({ ...draft, model: 'a' }, []);
    compose.receiveState(stateOf('a'));
    compose.chooseModel('b');
    compose.change({ prompt: 'a red fox' });
    compose.chooseModel('c');
    assert.equal(timers.length, 0);
    // Each choice is made with what was chosen for the model before, not for one in between.
    assert.deepEqual(
      sent.map((each) => each.kind === 'chooseModel' && [each.choice, each.draft.model]),
      [
        [1, 'a'],
        [2, 'a'],
      ],
    );
    compose.receiveState(stateOf('b'));
    compose.receiveChoices(choices(1, 'b'));
    compose.generate(stateOf('b'));
    assert.deepEqual(generated(), []);
    assert.equal(compose.isChoosing, true);
    compose.receiveState(stateOf('c'));
    compose.receiveChoices(choices(2, 'c'));
    assert.deepEqual([compose.draft.model, compose.draft.prompt], ['c', 'a red fox']);
    compose.generate(stateOf('c'));
    assert.equal(generated().length, 1);
  });

  it('has what the model offers, and the resolution that would be paid', () => {
    compose.receiveDraft({ ...draft, resolution: '4K', background: 'plaid' }, []);
    compose.receiveState(stateOf('a', { resolutions, resolution: '2K' }));
    assert.equal(compose.draft.resolution, '2K');
    assert.equal(compose.draft.background, undefined);
    compose.receiveState(stateOf('a'));
    assert.equal(compose.draft.resolution, undefined);
  });

  it('gets it too when the draft comes after the state, or the answer to a choice', () => {
    compose.receiveState(stateOf('a', { resolutions, resolution: '2K' }));
    compose.receiveDraft(draft, []);
    assert.equal(compose.draft.resolution, '2K');
    compose.chooseModel('b');
    compose.receiveState(stateOf('b', { resolutions, resolution: '1K' }));
    compose.receiveChoices(choices(1, 'b'));
    assert.equal(compose.draft.resolution, '1K');
  });

  it('loses a model that there is no more, and keeps one chosen before words were typed', () => {
    compose.change({ prompt: 'typed early' });
    compose.receiveDraft({ ...draft, model: 'b' }, []);
    assert.deepEqual([compose.draft.model, compose.draft.prompt], ['b', 'typed early']);
    compose.receiveState(stateOf('a', { models: ['a', 'c'] }));
    assert.equal(compose.draft.model, undefined);
  });

  it('follows its files, and keeps what is written at that moment', () => {
    const reference = (uri: string) => ({ uri, label: uri });
    const [cat, fox, owl] = ['file:///a/cat.png', 'file:///a/fox.png', 'file:///a/owl.png'];
    const references = [cat, fox].map(reference);
    const before = { ...draft, references: [cat, fox], folderUri: 'file:///a' };
    compose.receiveDraft(before, references);
    compose.change({ prompt: 'a fox that is being written' });
    compose.followFiles({
      kind: 'filesMoved',
      references: [{ from: fox, reference: reference('file:///b/fox.png') }],
      folder: { from: 'file:///a', to: 'file:///b' },
    });
    assert.equal(compose.draft.prompt, 'a fox that is being written');
    assert.deepEqual(compose.draft.references, [cat, 'file:///b/fox.png']);
    assert.equal(compose.draft.folderUri, 'file:///b');
    // What was removed or chosen meanwhile is not brought back.
    compose.followFiles({
      kind: 'filesMoved',
      references: [{ from: owl, reference: reference('file:///b/owl.png') }],
      folder: { from: 'file:///a', to: 'file:///c' },
    });
    assert.deepEqual(compose.draft.references, [cat, 'file:///b/fox.png']);
    assert.equal(compose.draft.folderUri, 'file:///b');
  });

  it('is that of the page where it was written last', () => {
    compose.receiveDraft(draft, []);
    compose.receiveDraft({ ...draft, prompt: 'from the side bar', writtenAt: 2 }, [], true);
    assert.equal(compose.draft.prompt, 'from the side bar');
    compose.change({ prompt: 'written here' });
    compose.receiveDraft({ ...draft, prompt: 'on its way before', writtenAt: 3 }, [], true);
    assert.equal(compose.draft.prompt, 'written here');
  });

  it('is newer than before, though the clock was set back', () => {
    const writtenAt = Date.now() + 24 * 3600_000;
    compose.receiveDraft({ ...draft, writtenAt }, []);
    compose.change({ prompt: 'written' });
    assert.equal(compose.draft.writtenAt, writtenAt + 1);
  });

  it('is sent by the page that wrote it, and by no other', () => {
    const reference = (uri: string) => ({ uri, label: uri });
    const others = { ...draft, references: ['x'], following: { alone: '1:1' }, writtenAt: 2 };
    const sizes = [{ id: '3:2', width: 3, height: 2, isRatio: true, isAsSource: true }];
    compose.receiveDraft(draft, []);
    compose.receiveDraft(others, [reference('x')], true);
    compose.receiveState(stateOf('a', { sizes, source: 'x' }));
    compose.followFiles({
      kind: 'filesMoved',
      references: [{ from: 'x', reference: reference('y') }],
    });
    assert.deepEqual(compose.draft.references, ['y']);
    assert.deepEqual([sent, timers], [[], []]);
    // What that page then sends is taken still.
    compose.receiveDraft({ ...others, size: '3:2', writtenAt: 3 }, [reference('y')], true);
    assert.equal(compose.draft.size, '3:2');
    compose.change({ prompt: 'written here' });
    assert.equal(timers.length, 1);
  });

  describe('that gets a reference', () => {
    const reference = (uri: string) => ({ uri, label: uri });
    const sizes = ['1:1', '3:2', '2:3'].map((id) => ({ id, width: 1, height: 1, isRatio: true }));
    const stateFor = (source: string | undefined, like?: string) =>
      stateOf('a', {
        sizes: sizes.map((each) => ({ ...each, ...(each.id === like && { isAsSource: true }) })),
        ...(source !== undefined && { source }),
      });
    const lastSent = () => sent.findLast((each) => each.kind === 'draft')?.draft;
    const sendDue = () => {
      for (const run of timers.splice(0)) run();
    };

    it('says so at once, and again when it was there', () => {
      compose.receiveDraft(draft, []);
      for (let time = 1; time <= 2; time += 1) {
        compose.receiveReferences([reference('x')]);
        assert.equal(sent.length, time);
        assert.deepEqual(lastSent()?.references, ['x']);
      }
    });

    it('has its shape as soon as that is known, and sends it', () => {
      compose.receiveDraft(draft, []);
      compose.receiveState(stateFor(undefined));
      compose.receiveReferences([reference('x')]);
      assert.equal(compose.draft.size, '1:1');
      compose.receiveState(stateFor('x', '3:2'));
      sendDue();
      assert.equal(lastSent()?.size, '3:2');
    });

    it('has its shape though the page was hidden before that was known', () => {
      compose.receiveDraft(draft, []);
      compose.receiveReferences([reference('x')]);
      const [before, kept] = [compose.draft, lastSent()];
      assert(kept);
      for (const hostDraft of [kept, draft]) {
        compose = create();
        compose.restore(before);
        // What the host sends may come in any order.
        const receive = [
          () => compose.receiveDraft({ ...hostDraft, ...before }, [reference('x')]),
          () => compose.receiveState(stateFor('x', '3:2')),
        ];
        for (const each of hostDraft === kept ? receive : receive.toReversed()) each();
        sendDue();
        assert.equal(lastSent()?.size, '3:2');
      }
    });

    it('is not changed before the draft of the host is there, which may be newer', () => {
      compose.receiveDraft(draft, []);
      compose.receiveReferences([reference('x')]);
      const before = compose.draft;
      compose = create();
      compose.restore(before);
      compose.receiveState(stateFor('x', '3:2'));
      compose.receiveDraft({ ...draft, prompt: 'newer' }, []);
      assert.deepEqual([compose.draft.prompt, compose.draft.size], ['newer', '1:1']);
    });

    it('keeps the size that the user chose meanwhile', () => {
      compose.receiveDraft(draft, []);
      compose.receiveState(stateFor(undefined));
      compose.receiveReferences([reference('x')]);
      compose.chooseSize('2:3');
      compose.receiveState(stateFor('x', '3:2'));
      assert.equal(compose.draft.size, '2:3');
    });

    it('keeps the chosen size when a file moves, and follows no other for that', () => {
      compose.receiveDraft(draft, []);
      compose.receiveReferences([reference('x')]);
      compose.receiveState(stateFor('x', '3:2'));
      compose.followFiles({
        kind: 'filesMoved',
        references: [{ from: 'x', reference: reference('y') }],
      });
      compose.receiveState(stateFor('y', '2:3'));
      assert.equal(compose.draft.size, '3:2');
      compose.setReferences([]);
      assert.equal(compose.draft.size, '1:1');
    });
  });
});
