/**
 * Which code may show texts and open addresses, as selectors of ESLint's `no-restricted-syntax`. The linter keeps them,
 * and textRules.test.ts shows that it does.
 */
interface TextRule {
  selector: string;
  message: string;
}

const showing = [
  'show(Information|Warning|Error)Message',
  'withProgress',
  'setStatusBarMessage',
  'createStatusBarItem',
  '(show|create)QuickPick',
  '(show|create)InputBox',
  'show(Open|Save)Dialog',
  'showWorkspaceFolderPick',
  'MarkdownString',
].join('|');

/** In `src/editor/say` alone texts are given to the editor, which makes links and icons of them. */
export const editorTextRules: readonly TextRule[] = [
  {
    // As a member, by its own name, or as a string in brackets.
    selector: `:matches(Identifier[name=/^(${showing})$/], Literal[value=/^(${showing})$/])`,
    message: 'Texts of others can be links: show them by src/editor/say.',
  },
  {
    selector:
      "CallExpression[arguments.length>1]:matches([callee.object.name='l10n'], [callee.object.property.name='l10n'])[callee.property.name='t']",
    message: 'A value can be anything: put it in by fillIn of src/editor/say.',
  },
];

const opening = 'openExternal|asExternalUri';

/** `src/editor/openSite.ts` alone leaves the editor: an address of others could start any program. */
export const siteRules: readonly TextRule[] = [
  {
    selector: `:matches(Identifier[name=/^(${opening})$/], Literal[value=/^(${opening})$/])`,
    message: 'An address can start any program: open it by src/editor/openSite.ts.',
  },
];

const html = '(inner|outer)HTML|setHTML(Unsafe)?|insertAdjacentHTML|srcdoc|parseFromString';

/** A page has texts, never HTML of strings. */
export const pageTextRules: readonly TextRule[] = [
  {
    selector: `:matches(Identifier[name=/^(${html}|createContextualFragment|DOMParser)$/], Literal[value=/^(${html})$/])`,
    message: 'A page has texts, never HTML of strings.',
  },
  {
    selector: String.raw`TemplateElement[value.raw=/(\.(inner|outer)HTML|\.?srcdoc)\s*=\s*["']?$/i]`,
    message: 'A page has texts, never HTML of strings.',
  },
  {
    selector: String.raw`ImportDeclaration[source.value=/^lit(-html)?\/(directives\/unsafe|static)/]`,
    message: 'A page has texts, never HTML of strings.',
  },
  {
    selector: "CallExpression[callee.object.name='document'][callee.property.name=/^write(ln)?$/]",
    message: 'A page has texts, never HTML of strings.',
  },
];
