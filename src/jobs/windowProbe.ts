/** Whether the window this process works for is still there. */
export interface Presence {
  /** Does `work` once the window has answered; nothing while an earlier question is still open. */
  whenThere(work: () => void): void;
}

/** Without a way to ask, as in tests without an editor, it is always there. */
export function createPresence(ask?: () => PromiseLike<unknown>): Presence {
  let isAsking = false;
  return {
    whenThere(work) {
      if (!ask) {
        work();
        return;
      }
      if (isAsking) return;
      isAsking = true;
      const heard = () => {
        isAsking = false;
        work();
      };
      // A refusal is an answer too.
      ask().then(heard, heard);
    },
  };
}
