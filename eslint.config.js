import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { importRules, neverImportVscode } from './test/unit/importRules.ts';
import { editorTextRules, pageTextRules, siteRules } from './test/unit/textRules.ts';

const noVscode = {
  name: 'vscode',
  message: 'This module runs without the editor: take functions and values instead.',
};

/** One module of src: what it must not import, by the rules that the architecture test keeps too. */
function moduleRules([module, allowed]) {
  const forbidden = Object.keys(importRules).filter(
    (other) => other !== module && !allowed.includes(other),
  );
  return {
    files: [`src/${module}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: neverImportVscode.includes(module) ? [noVscode] : [],
          patterns: forbidden.map((other) => ({
            regex: String.raw`^(\.\./)+${other}/`,
            message: `src/${module} must not import src/${other}; see the import rules in CONTRIBUTING.md.`,
            // A page may know the shape of the messages that its host translates.
            allowTypeImports: module === 'webview' && other === 'studio',
          })),
        },
      ],
    },
  };
}

const throughPlatform = 'Take this from Platform, so that a simulator can replace it.';
const ofMachine = (names) => names.map((name) => ({ name, message: throughPlatform }));

/** src/jobs reaches for the machine through `Platform` alone. */
const platformRules = {
  files: ['src/jobs/**/*.ts'],
  ignores: ['src/jobs/nodePlatform.ts'],
  rules: {
    'no-restricted-globals': [
      'error',
      ...ofMachine([
        'setTimeout',
        'setInterval',
        'setImmediate',
        'performance',
        'process',
        'crypto',
      ]),
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: throughPlatform },
      { object: 'Math', property: 'random', message: throughPlatform },
      { object: 'AbortSignal', property: 'timeout', message: throughPlatform },
      { object: 'Atomics', property: 'wait', message: throughPlatform },
    ],
    'no-restricted-syntax': [
      'error',
      {
        selector: "NewExpression[callee.name='Date'][arguments.length=0]",
        message: throughPlatform,
      },
    ],
    'no-restricted-imports': [
      'error',
      {
        paths: [
          ...ofMachine([
            'node:child_process',
            'node:fs',
            'node:fs/promises',
            'node:os',
            'node:perf_hooks',
            'node:process',
            'node:timers',
            'node:timers/promises',
          ]),
          {
            name: 'node:crypto',
            importNames: ['randomBytes', 'randomInt', 'randomUUID', 'webcrypto'],
            message: throughPlatform,
          },
        ],
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ['dist', '.vscode-test', 'node_modules', 'test/**/fixtures'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-console': 'error',
      'max-lines': ['error', { max: 450, skipBlankLines: true, skipComments: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Cleared listeners and deferred work are passed as short arrows everywhere.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  ...Object.entries(importRules).map(moduleRules),
  {
    files: ['src/**/*.ts'],
    // These two never see the editor, and have rules of their own.
    ignores: ['src/editor/say/**', 'src/jobs/**', 'src/webview/**'],
    rules: { 'no-restricted-syntax': ['error', ...editorTextRules, ...siteRules] },
  },
  {
    files: ['src/editor/say/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...siteRules] },
  },
  {
    files: ['src/editor/openSite.ts'],
    rules: { 'no-restricted-syntax': ['error', ...editorTextRules] },
  },
  platformRules,
  {
    files: ['src/webview/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...pageTextRules],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'A page runs in the browser, without Node.' }] },
      ],
    },
  },
  {
    files: ['test/**/*.ts', '*.js', '.ci/**'],
    rules: {
      'no-console': 'off',
      'no-restricted-exports': 'off',
      // mocha's describe and it return what nobody awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: ['describe', 'it'] },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: { process: 'readonly' } },
  },
);
