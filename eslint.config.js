import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const noVscode = {
  name: 'vscode',
  message: 'This room knows nothing of the editor: take functions and values instead.',
};

/** One wall: files of a room, and the rooms they must not look into. */
function wall(room, forbidden, { allowsVscode = false } = {}) {
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: allowsVscode ? [] : [noVscode],
          patterns: forbidden.map((other) => ({
            group: [`**/${other}/**`, `../${other}/*`],
            message: `src/${room} must not import src/${other}; see the map in CONTRIBUTING.md.`,
          })),
        },
      ],
    },
  };
}

const features = ['commands', 'studio', 'document', 'agents'];
const upstairs = ['editor', ...features, 'webview'];

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
  wall('evolink', ['images', 'jobs', ...upstairs]),
  wall('images', ['evolink', 'jobs', ...upstairs]),
  wall('jobs', upstairs),
  wall('editor', [...features, 'webview'], { allowsVscode: true }),
  ...features.map((room) =>
    wall(room, [...features.filter((other) => other !== room), 'webview'], { allowsVscode: true }),
  ),
  {
    // A page runs in the browser, and shares with its host what they say to each other.
    files: ['src/webview/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [noVscode],
          patterns: [
            {
              group: ['node:*'],
              message: 'A page runs in the browser, which has no Node.',
            },
            {
              regex: String.raw`^\.\./.*(evolink|images|jobs|commands|document|agents)/`,
              message: 'src/webview shares messages with its host, and nothing that runs.',
            },
            {
              regex: String.raw`^\.\./.*studio/(?!(protocol|words)\.ts$)`,
              message: 'Of src/studio a page may import protocol.ts, and the types of words.ts.',
            },
            {
              regex: String.raw`^\.\./.*(studio/words|editor/\w+)\.ts$`,
              message: 'Import types alone: this runs in the extension host.',
              allowTypeImports: true,
            },
          ],
        },
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
