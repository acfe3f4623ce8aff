import type { Entry, EntryAction } from '../../../shared/studioProtocol.ts';
import { copyImage } from './copyImage.ts';
import { focusPrompt } from '../compose/promptBox.ts';
import type { MenuItem } from '../controls/menu.ts';
import { messages } from '../pageMessages.ts';
import type { StudioModel } from '../studioModel.ts';

interface Face {
  label: string;
  icon: string;
}

/** In the order of the menu. */
export const faces: Record<EntryAction, Face> = {
  open: { label: messages.open, icon: 'go-to-file' },
  insert: { label: messages.insert, icon: 'insert' },
  edit: { label: messages.edit, icon: 'edit' },
  reuse: { label: messages.reuse, icon: 'redo' },
  makeAgain: { label: messages.makeAgain, icon: 'refresh' },
  retry: { label: messages.retry, icon: 'refresh' },
  resume: { label: messages.resume, icon: 'eye' },
  lookUp: { label: messages.lookUp, icon: 'search' },
  submitAgain: { label: messages.submitAgain, icon: 'refresh' },
  saveAs: { label: messages.saveAs, icon: 'save-as' },
  compare: { label: messages.compare, icon: 'diff' },
  copyPath: { label: messages.copyPath, icon: 'copy' },
  reveal: { label: messages.reveal, icon: 'files' },
  favourite: { label: messages.addFavourite, icon: 'star-empty' },
  unfavourite: { label: messages.removeFavourite, icon: 'star-full' },
  copyRequestId: { label: messages.copyRequest, icon: 'copy' },
  drawNext: { label: messages.drawNext, icon: 'arrow-up' },
  cancel: { label: messages.cancel, icon: 'close' },
  stop: { label: messages.stop, icon: 'debug-stop' },
  delete: { label: messages.delete, icon: 'trash' },
  remove: { label: messages.remove, icon: 'trash' },
};

/** Actions for the caption, the most important first; the menu has the others. */
const foremost: EntryAction[] = [
  'insert',
  'edit',
  'makeAgain',
  'retry',
  'resume',
  'lookUp',
  'submitAgain',
];
const mostInCaption = 2;

export function captionActions(entry: Entry): EntryAction[] {
  const able = foremost.filter((action) => entry.actions.includes(action));
  // What was refused for its words is not tried again with the same.
  if (needsChange(entry)) able.unshift('reuse');
  return able.slice(0, mostInCaption);
}

/** What an action is called at an entry. */
export function labelOf(entry: Entry, action: EntryAction): string {
  const isChange = action === 'reuse' && needsChange(entry);
  return isChange ? messages.changePrompt : faces[action].label;
}

function needsChange({ state, actions }: Entry): boolean {
  return state === 'failed' && actions[0] === 'reuse';
}

/** Actions that end a job before its image is there. */
export function stopActions(entry: Entry): EntryAction[] {
  return (['cancel', 'stop'] as const).filter((each) => entry.actions.includes(each));
}

export function runAction(model: StudioModel, entry: Entry, action: EntryAction): void {
  model.gallery.act(action, entry.key);
  // These fill the prompt, where the user goes on.
  if (action === 'reuse' || action === 'edit') {
    model.gallery.close();
    requestAnimationFrame(focusPrompt);
  }
}

/** Everything that can be done with an entry. */
export function menuOf(model: StudioModel, entry: Entry): MenuItem[] {
  const able = (Object.keys(faces) as EntryAction[]).filter((each) => entry.actions.includes(each));
  const items = able.map((action) => ({
    ...faces[action],
    run: () => runAction(model, entry, action),
  }));
  const detail = {
    label: messages.showDetail,
    icon: 'open-preview',
    run: () => model.gallery.open(entry.key),
  };
  return [detail, ...items.flatMap((item) => withCopy(item, model, entry))];
}

/** Puts copying the image, which the page does itself, before copying its path. */
function withCopy(item: MenuItem, model: StudioModel, entry: Entry): MenuItem[] {
  const src = entry.image?.src;
  if (item.label !== messages.copyPath || src === undefined) return [item];
  const copy = { label: messages.copyImage, icon: 'clippy', run: () => void copyImage(src, model) };
  return [copy, item];
}
