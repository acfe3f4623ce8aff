import { draggedImages } from '../../../shared/draggedImages.ts';
import { formatBytes } from '../../../shared/formatBytes.ts';
import { maxReferenceUris } from '../../../shared/limits.ts';
import { maxPastedBytes } from '../../../shared/studioProtocol.ts';
import { fill } from '../format.ts';
import { host } from '../host.ts';
import { locale, messages } from '../pageMessages.ts';
import { urisOf } from './referenceOrder.ts';
import type { StudioModel } from '../studioModel.ts';

/** The explorer drops URIs, the system files; `text/uri-list` may have only one of several URIs. */
export async function takeDrop(data: DataTransfer, model: StudioModel): Promise<void> {
  const lists = ['application/vnd.code.uri-list', draggedImages, 'text/uri-list'];
  const uris = urisOf(lists.map((type) => data.getData(type)).find((list) => list !== '') ?? '');
  if (uris.length > 0) {
    host.post({ kind: 'addReferences', uris: uris.slice(0, maxReferenceUris) });
    return;
  }
  await takeFiles([...data.files], model);
}

/** @returns whether an image was pasted; pasted text is left to the field. */
export function takePaste(data: DataTransfer, model: StudioModel): boolean {
  const images = [...data.files].filter(({ type }) => type.startsWith('image/'));
  if (images.length === 0) return false;
  void takeFiles(images, model);
  return true;
}

async function takeFiles(files: File[], model: StudioModel): Promise<void> {
  for (const file of files) {
    // Of some files the system does not know the type; their bytes tell it.
    if (file.type !== '' && !file.type.startsWith('image/')) {
      model.announce(messages.pasteUnreadable);
      model.compose.receiveAnswer({ field: 'references', sentence: messages.pasteUnreadable });
    } else if (file.size > maxPastedBytes) {
      const sentence = fill(messages.pasteTooLarge, file.name, formatBytes(locale, maxPastedBytes));
      model.announce(sentence);
      model.compose.receiveAnswer({ field: 'references', sentence });
    } else {
      host.post({ kind: 'addBytes', name: file.name, bytes: await file.arrayBuffer() });
    }
  }
}
