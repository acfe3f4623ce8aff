import type { Entry, EntryAction } from '../../../shared/studio/entry.ts';
import { needsChange } from './captionActions.ts';
import { copyImage } from './copyImage.ts';
import { focusPrompt } from '../pageFocus.ts';
import type { MenuItem } from '../controls/menu.ts';
import { fill, formatNumber } from '../format.ts';
import { locale, messages } from '../pageMessages.ts';
import type { StudioModel } from '../studioModel.ts';

interface Face {
  label: string;
  /** What it is called for a selection, with its number; absent where it is for one image. */
  many?: string;
  icon: string;
}

/** In the order of the menu. */
export const faces: Record<EntryAction, Face> = {
  open: { label: messages.open, many: messages.openMany, icon: 'go-to-file' },
  insert: { label: messages.insert, many: messages.insertMany, icon: 'insert' },
  edit: { label: messages.edit, many: messages.editMany, icon: 'edit' },
  reuse: { label: messages.reuse, icon: 'redo' },
  locate: { label: messages.locate, icon: 'folder-opened' },
  makeAgain: { label: messages.makeAgain, icon: 'refresh' },
  retry: { label: messages.retry, many: messages.retryMany, icon: 'refresh' },
  resume: { label: messages.resume, many: messages.resumeMany, icon: 'eye' },
  lookUp: { label: messages.lookUp, icon: 'search' },
  submitAgain: { label: messages.submitAgain, icon: 'refresh' },
  saveAs: { label: messages.saveAs, icon: 'save-as' },
  compare: { label: messages.compareSource, icon: 'diff' },
  copyPath: { label: messages.copyPath, many: messages.copyPathMany, icon: 'copy' },
  reveal: { label: messages.reveal, icon: 'files' },
  favourite: { label: messages.addFavourite, many: messages.addFavouriteMany, icon: 'star-empty' },
  unfavourite: {
    label: messages.removeFavourite,
    many: messages.removeFavouriteMany,
    icon: 'star-full',
  },
  copyRequestId: { label: messages.copyRequest, icon: 'copy' },
  drawNext: { label: messages.drawNext, icon: 'arrow-up' },
  cancel: { label: messages.cancel, many: messages.cancelMany, icon: 'close' },
  stop: { label: messages.stop, many: messages.stopMany, icon: 'debug-stop' },
  delete: { label: messages.delete, many: messages.deleteMany, icon: 'trash' },
  remove: { label: messages.remove, many: messages.removeMany, icon: 'trash' },
};

/** Actions that end a job before its image is there. */
export function stopActions(entry: Entry): EntryAction[] {
  return (['cancel', 'stop'] as const).filter((each) => entry.actions.includes(each));
}

/** What an action is called: for a selection with the number of its images. */
export function labelOf(model: StudioModel, entry: Entry, action: EntryAction): string {
  if (action === 'reuse' && needsChange(entry)) return messages.changePrompt;
  const { label, many } = faces[action];
  const count = model.gallery.concernedBy(action, entry.key).length;
  return many !== undefined && count > 1 ? fill(many, formatNumber(locale, count)) : label;
}

/** Keeps one of several variations: the others go, and one undo brings them back. */
export function keepOnly(model: StudioModel, key: number): void {
  model.gallery.discard(model.gallery.rivalsOf(key));
}

export function runAction(model: StudioModel, entry: Entry, action: EntryAction): void {
  const source = action === 'compare' ? entry.references.find(({ src }) => src) : undefined;
  if (source) {
    model.gallery.compare([entry.key], source);
    return;
  }
  model.gallery.act(action, entry.key);
  // These fill the prompt, where the user goes on.
  if (action === 'reuse' || action === 'edit') {
    model.gallery.close();
    requestAnimationFrame(focusPrompt);
  }
}

/** Everything that can be done with an entry, or with the selection that it is in. */
export function menuOf(model: StudioModel, entry: Entry): MenuItem[] {
  const { gallery } = model;
  const isOne = gallery.concerned(entry.key).length === 1;
  const able = (Object.keys(faces) as EntryAction[]).filter(
    (each) =>
      entry.actions.includes(each) &&
      (isOne || faces[each].many !== undefined) &&
      gallery.concernedBy(each, entry.key).length > 0,
  );
  const items = able.map((action) => ({
    icon: faces[action].icon,
    label: labelOf(model, entry, action),
    run: () => runAction(model, entry, action),
  }));
  if (!isOne) return [...comparing(model, gallery.concerned(entry.key)), ...items];
  const detail = {
    label: messages.showDetail,
    icon: 'open-preview',
    run: () => gallery.open(entry.key),
  };
  const rivals = gallery.rivalsOf(entry.key).length;
  const keep = {
    label: fill(messages.keepThis, rivals),
    icon: 'check',
    run: () => keepOnly(model, entry.key),
  };
  return [
    detail,
    ...comparing(model, gallery.variationsOf(entry.key)),
    ...(rivals > 0 ? [keep] : []),
    ...items.flatMap((item) => withCopy(item, model, entry)),
  ];
}

function comparing({ gallery }: StudioModel, keys: readonly number[]): MenuItem[] {
  const images = keys.filter((key) => gallery.entries.get(key)?.image);
  if (images.length < 2 || images.length > maxComparedImages) return [];
  const label = fill(messages.compareMany, images.length);
  return [{ label, icon: 'diff', run: () => gallery.compare(images) }];
}

/** More would be too small to be told apart. */
const maxComparedImages = 9;

/** Puts copying the image, which the page does itself, before copying its path. */
function withCopy(item: MenuItem, model: StudioModel, entry: Entry): MenuItem[] {
  const src = entry.image?.src;
  if (item.label !== messages.copyPath || src === undefined) return [item];
  const copy = { label: messages.copyImage, icon: 'clippy', run: () => void copyImage(src, model) };
  return [copy, item];
}
