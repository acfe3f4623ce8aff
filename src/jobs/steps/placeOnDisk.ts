import { fileUriOf, pathOfFileUri } from '../fileUri.ts';
import type { PlaceRequest } from './saveStep.ts';
import { type Disk, placeFile } from './placeFile.ts';

/**
 * Puts a whole file in a folder of this machine, over no other. @returns its `file:` URI.
 * @param checkFolder throws to refuse the folder
 */
export async function placeOnDisk(
  request: PlaceRequest,
  disk: Disk,
  checkFolder?: (folderUri: string) => Promise<void>,
): Promise<string> {
  const { earlierUri, choose, folderUri, ...rest } = request;
  const placement = {
    ...rest,
    folderPath: pathOfFileUri(folderUri),
    ...(earlierUri !== undefined && { earlierPath: pathOfFileUri(earlierUri) }),
    choose: (chosen: string) => choose(fileUriOf(chosen)),
    ...(checkFolder && { checkFolder: () => checkFolder(folderUri) }),
  };
  return fileUriOf(await placeFile(placement, disk));
}
