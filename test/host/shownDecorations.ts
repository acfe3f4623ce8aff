import * as vscode from 'vscode';

/** What the extension shows beside the words of texts. */
export interface ShownDecorations {
  of: (uri: vscode.Uri) => readonly vscode.DecorationOptions[];
  /** The window as it was. */
  restore: () => void;
}

/** The editor tells nobody what is decorated: each editor notes it before it is shown. */
export function shownDecorations(): ShownDecorations {
  const noted = new Map<string, Map<vscode.TextEditorDecorationType, Decorated>>();
  const own = Object.getOwnPropertyDescriptor(vscode.window, 'visibleTextEditors');
  const createType = vscode.window.createTextEditorDecorationType;
  if (!own?.get) throw new Error('The editors of the window cannot be watched');
  const visible = () => own.get?.call(vscode.window) as readonly vscode.TextEditor[];
  const watched = (editor: vscode.TextEditor): vscode.TextEditor =>
    // The editor's own object is frozen, and a proxy of it may not answer otherwise.
    Object.create(editor, {
      setDecorations: {
        value(type: vscode.TextEditorDecorationType, ranges: Decorated) {
          const key = editor.document.uri.toString();
          const ofText = noted.get(key) ?? new Map<vscode.TextEditorDecorationType, Decorated>();
          noted.set(key, ofText.set(type, ranges));
          editor.setDecorations(type, ranges as vscode.DecorationOptions[]);
        },
      },
    }) as vscode.TextEditor;
  Object.defineProperty(vscode.window, 'visibleTextEditors', {
    configurable: true,
    enumerable: true,
    get: () => visible().map(watched),
  });
  Object.assign(vscode.window, {
    createTextEditorDecorationType(options: vscode.DecorationRenderOptions) {
      const type = createType(options);
      const dispose = type.dispose.bind(type);
      return Object.create(type, {
        key: { value: type.key },
        dispose: {
          value() {
            for (const ofText of noted.values())
              for (const each of ofText.keys()) if (each.key === type.key) ofText.delete(each);
            dispose();
          },
        },
      }) as vscode.TextEditorDecorationType;
    },
  });
  return {
    of: (uri) =>
      [...(noted.get(uri.toString())?.values() ?? [])]
        .flat()
        .filter((each): each is vscode.DecorationOptions => 'range' in each),
    restore() {
      Object.defineProperty(vscode.window, 'visibleTextEditors', own);
      Object.assign(vscode.window, { createTextEditorDecorationType: createType });
    },
  };
}

type Decorated = readonly (vscode.Range | vscode.DecorationOptions)[];
