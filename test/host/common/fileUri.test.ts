import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { fileUriOf, pathOfFileUri } from '../../../src/jobs/fileUri.ts';

/** Stored jobs are compared with what the editor says, so that both have to spell alike. */
describe('the URI of a file', () => {
  const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const paths = [
    '/home/fox/a.png',
    '/',
    '/C:/a.png',
    '/狐/a b/ä.png',
    '//server/share/a.png',
    ...printable.map((character) => `/a${character}b.png`),
  ];
  const uris = [
    'file:///home/fox/a.png',
    'file:///c%3A/a.png',
    'file:///C:/a.png',
    'file://server/share/a%20b.png',
    'file:///%E7%8B%90%ff/100%.png',
    'file:///a.png?b#c',
    'file:/a.png',
  ];

  it('is spelled as the editor spells it', () => {
    assert.deepEqual(
      paths.map((path) => fileUriOf(path)),
      paths.map((path) => vscode.Uri.file(path).toString()),
    );
  });

  it('is read as the editor reads it', () => {
    const all = [...uris, ...paths.map((path) => vscode.Uri.file(path).toString())];
    assert.deepEqual(
      all.map((uri) => pathOfFileUri(uri)),
      all.map((uri) => vscode.Uri.parse(uri, true).fsPath),
    );
  });
});
