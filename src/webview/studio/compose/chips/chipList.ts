import { html } from 'lit';
import type { State } from '../../../../shared/studio/state.ts';
import { icon } from '../../controls/icon.ts';
import type { MenuItem } from '../../controls/menu.ts';
import { fill } from '../../format.ts';
import { host } from '../../host.ts';
import { messages } from '../../pageMessages.ts';
import type { ComposeModel } from '../composeModel.ts';
import { frame, nameOf } from '../pickers/sizePicker.ts';
import { styleItems } from '../pickers/stylePicker.ts';
import { resolutionsOf } from '../readiness.ts';

/** One choice of the request: what is chosen now, and a menu of what else there is. */
export interface Chip {
  id: string;
  /** Said before the value, where the value alone is shown. */
  name: string;
  value: string;
  face: unknown;
  /** Absent where a click asks the host. */
  items?: MenuItem[];
  run?: () => void;
}

/** All that a request has besides prompt and references; the foremost are shown longest. */
export function chipsOf(state: State, compose: ComposeModel): Chip[] {
  const { options } = state;
  const { draft } = compose;
  const auto = { id: '', label: messages.anyBackground };
  return [
    sizeChip(state, compose),
    countChip(state, compose),
    ...wordsChip('quality', messages.quality, options.qualities, draft.quality, compose),
    ...wordsChip(
      'resolution',
      messages.resolution,
      resolutionsOf(options, draft),
      draft.resolution ?? '',
      compose,
    ),
    ...modelChip(state, compose),
    ...seedChip(state, compose),
    destinationChip(state),
    styleChip(state, compose),
    ...wordsChip(
      'background',
      messages.background,
      options.backgrounds.length > 0 ? [auto, ...options.backgrounds] : [],
      draft.background ?? '',
      compose,
    ),
  ];
}

function sizeChip({ options }: State, compose: ComposeModel): Chip {
  const { sizes } = options;
  const chosen = sizes.find(({ id }) => id === compose.draft.size);
  const short = (size: (typeof sizes)[number] | undefined): string => {
    if (!size?.shape) return messages.autoSize;
    return size.isRatio ? size.id : messages[size.shape];
  };
  return {
    id: 'size',
    name: messages.size,
    value: chosen ? nameOf(chosen) : '',
    face: html`${chosen?.shape ? frame(chosen, smallFramePx) : ''}<span>${short(chosen)}</span>`,
    items: sizes.map((size) => ({
      label: nameOf(size),
      face: html`<span class="menu-frame">${size.shape ? frame(size, smallFramePx) : ''}</span>`,
      isChosen: size.id === compose.draft.size,
      run: () => compose.chooseSize(size.id),
    })),
  };
}

const smallFramePx = 14;

function countChip({ options }: State, compose: ComposeModel): Chip {
  const { count } = compose.draft;
  return {
    id: 'count',
    name: messages.count,
    value: String(count),
    face: html`<span>×${count}</span>`,
    items: Array.from({ length: options.maxCount }, (_, at) => ({
      label: String(at + 1),
      isChosen: count === at + 1,
      run: () => compose.change({ count: at + 1 }),
    })),
  };
}

/** One of a few words; nothing for a model without that choice. */
function wordsChip(
  field: 'quality' | 'resolution' | 'background',
  name: string,
  values: readonly { id: string; label: string }[],
  chosen: string,
  compose: ComposeModel,
): Chip[] {
  if (values.length === 0) return [];
  const value = values.find(({ id }) => id === chosen)?.label ?? chosen;
  const items = values.map(({ id, label }) => ({
    label,
    isChosen: id === chosen,
    run: () => compose.choose(field, id),
  }));
  // "Auto" alone does not tell of what.
  return [{ id: field, name, value, items, face: fill(messages.namedValue, name, value) }];
}

function modelChip({ options }: State, compose: ComposeModel): Chip[] {
  const { model, models } = options;
  if (models.length < 2) return [];
  const chosen = compose.choosing ?? model;
  const items = models.map((id) => ({
    label: id,
    isChosen: id === chosen,
    run: () => compose.chooseModel(id),
  }));
  return [{ id: 'model', name: messages.model, value: chosen, face: chosen, items }];
}

/** Of an image that is made once more: the same words with it draw the same image. */
function seedChip({ options }: State, compose: ComposeModel): Chip[] {
  const { seed } = compose.draft;
  if (seed === undefined || options.hasSeed !== true) return [];
  const face = fill(messages.namedValue, messages.seed, String(seed));
  const items = [{ label: messages.removeSeed, isChosen: false, run: () => compose.removeSeed() }];
  return [{ id: 'seed', name: messages.seed, value: String(seed), face, items }];
}

function destinationChip({ destination, isOtherDestination }: State): Chip {
  const value = destination ?? messages.noDestination;
  const choose = {
    label: messages.chooseFolder,
    run: () => host.post({ kind: 'pickDestination' }),
  };
  const reset = {
    label: messages.resetDestination,
    run: () => host.post({ kind: 'resetDestination' }),
  };
  return {
    id: 'destination',
    name: messages.destination,
    value,
    face: html`${icon('folder')}<span>${value}</span>`,
    ...(isOtherDestination ? { items: [choose, reset] } : { run: choose.run }),
  };
}

function styleChip(state: State, compose: ComposeModel): Chip {
  const value = compose.draft.style ?? messages.noStyle;
  return {
    id: 'style',
    name: messages.style,
    value,
    face: value,
    items: styleItems(state.styles, compose),
  };
}
