/** So soon after the focus came to the page, the user has chosen no place in it. */
const arrivingMs = 1_000;
let focusedAt = -Infinity;

/** The focus returns to the prompt after an action that fills it. */
export function focusPrompt(): void {
  document.querySelector<HTMLTextAreaElement>('#prompt')?.focus({ preventScroll: true });
}

/** Gives the focus to the prompt, or to what covers it, when it comes to the page. */
export function beginPageFocus(): void {
  window.addEventListener('focus', () => {
    focusedAt = performance.now();
    takeFocus();
  });
  acceptPageFocus();
}

/**
 * Gives the focus that the page has and no element to the prompt, or to what covers it. The prompt
 * asks for it when it is drawn: the focus, or the command that sends it, may have come before.
 */
export function acceptPageFocus(): void {
  if (document.hasFocus()) takeFocus();
}

/** A command opened the Studio: whatever has the focus now, it goes to the prompt. */
export function focusPromptByCommand(): void {
  const active = document.activeElement;
  const isWriting = active?.matches('input, textarea, vscode-textfield') === true;
  const isHere = document.hasFocus() && performance.now() - focusedAt > arrivingMs;
  if (!(isHere && isWriting)) focusPrompt();
}

/** Nothing of the page takes the focus from another part of the editor. */
export function focusInPage(element: HTMLElement | null | undefined): void {
  if (document.hasFocus()) element?.focus({ preventScroll: true });
}

function takeFocus(): void {
  if (document.activeElement !== document.body) return;
  const cover = document.querySelector<HTMLElement>('[role=dialog].detail');
  if (cover) cover.focus({ preventScroll: true });
  else focusPrompt();
}
