import { fileUriOf, pathOfFileUri } from '../fileUri.ts';
import type { PlaceRequest } from './downloadStep.ts';
import { type Disk, placeFile } from './placeFile.ts';

/** Puts a whole file in a folder of this machine, over no other. @returns its `file:` URI. */
export async function placeOnDisk(request: PlaceRequest, disk: Disk): Promise<string> {
  const { earlierUri, choose, folderUri, ...rest } = request;
  const placement = {
    ...rest,
    folderPath: pathOfFileUri(folderUri),
    ...(earlierUri !== undefined && { earlierPath: pathOfFileUri(earlierUri) }),
    choose: (chosen: string) => choose(fileUriOf(chosen)),
  };
  return fileUriOf(await placeFile(placement, disk));
}
