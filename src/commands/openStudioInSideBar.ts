import type { CommandDeps } from './commandDeps.ts';

/** Shows the Studio as a view of the secondary side bar, also in later windows of this workspace. */
export async function openStudioInSideBar({ showStudioInSideBar }: CommandDeps): Promise<void> {
  await showStudioInSideBar();
}
