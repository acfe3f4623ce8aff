/** Whether the window this process works for is still there. */
export interface WindowProbe {
  /** Does `work` once the window has answered; nothing while an earlier question is still open. */
  whenResponsive(work: () => void): void;
}

/** Without a way to ask, as in tests without an editor, it is always there. */
export function createWindowProbe(isWindowResponsive?: () => PromiseLike<unknown>): WindowProbe {
  let isAsking = false;
  return {
    whenResponsive(work) {
      if (!isWindowResponsive) {
        work();
        return;
      }
      if (isAsking) return;
      isAsking = true;
      const onAnswer = () => {
        isAsking = false;
        work();
      };
      // A refusal is an answer too.
      isWindowResponsive().then(onAnswer, onAnswer);
    },
  };
}
