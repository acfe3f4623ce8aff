import type * as vscode from 'vscode';
import { showFailure } from '../../editor/errors/errorActions.ts';
import { imageItem, type ImageItem, maxListed, workspaceImages } from './workspaceImages.ts';

/** What can be chosen, and what is. */
export class ImageList {
  /** In their order, because prompts speak of "image 1". */
  ticked: string[];
  isLoading = true;
  /** From elsewhere, or in front: above the others. */
  #added: ImageItem[];
  #found: ImageItem[] = [];

  constructor(ticked: readonly string[]) {
    this.ticked = [...ticked];
    this.#added = ticked.map((reference) => imageItem(reference));
  }

  async load(token: vscode.CancellationToken): Promise<void> {
    try {
      this.#found = await workspaceImages(token);
    } catch (thrown) {
      showFailure(thrown);
    }
    this.isLoading = false;
  }

  get isCut(): boolean {
    return this.#found.length >= maxListed;
  }

  add(references: readonly string[]): void {
    const fresh = references.filter((reference) => !this.ticked.includes(reference));
    this.ticked.push(...fresh);
    this.#added.unshift(...fresh.map((reference) => imageItem(reference)));
  }

  items(): ImageItem[] {
    const added = new Set(this.#added.map(({ reference }) => reference));
    return [...this.#added, ...this.#found.filter(({ reference }) => !added.has(reference))];
  }

  /** The editor tells what is ticked in the order of the list. */
  tick(selected: readonly ImageItem[]): void {
    const now = selected.map(({ reference }) => reference);
    const kept = this.ticked.filter((reference) => now.includes(reference));
    this.ticked = [...kept, ...now.filter((reference) => !kept.includes(reference))];
  }

  firstMatch(value: string): ImageItem | undefined {
    const wanted = value.trim().toLowerCase();
    if (wanted === '') return undefined;
    return this.items().find(({ label }) => label.toLowerCase().includes(wanted));
  }
}
