import * as vscode from 'vscode';
import { fileOf } from '../editor/files/documentFile.ts';
import { absoluteLink, relativeLink } from '../editor/files/relativeLink.ts';
import { relativePath } from '../editor/files/workspaceFiles.ts';

/**
 * The path by which a document names an image: from its folder on, or from the workspace folder while it
 * has no file; whole where none of them leads to the image.
 */
export function imagePath(document: vscode.TextDocument, image: vscode.Uri): string {
  const from = fileOf(document);
  if (from) return linkFrom(from, image);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(image) !== undefined;
  return isInWorkspace ? relativePath(image) : absoluteLink(image);
}

/** The path from a file's folder to an image; whole where none leads there. */
export function linkFrom(file: vscode.Uri, image: vscode.Uri): string {
  return relativeLink(file, image) ?? absoluteLink(image);
}
