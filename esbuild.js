import {
  copyFileSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { basename } from 'node:path';
import esbuild from 'esbuild';

const isProduction = process.argv.includes('--production');
const isWatching = process.argv.includes('--watch');

/**
 * What is imported dynamically is a bundle of its own, loaded when it is first needed: a window
 * that draws nothing pays for `extension.cjs` alone.
 */
const lazyBundles = new Map([
  ['./app.ts', './app.cjs'],
  ['./imageLinks.ts', './imageLinks.cjs'],
  ['./links/linkReader.ts', './links.cjs'],
  ['./parsers/htmlTokenizer.ts', './htmlTokenizer.cjs'],
  ['./parsers/cssTokenizer.ts', './cssTokenizer.cjs'],
  ['./parsers/scriptParser.ts', './scriptParser.cjs'],
  ['./parsers/markdownParser.ts', './markdownParser.cjs'],
  ['undici', './undici.cjs'],
]);

/** @type {import('esbuild').Plugin} */
const splitAtDynamicImports = {
  name: 'split-at-dynamic-imports',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
      const bundle = lazyBundles.get(path);
      if (bundle) return { path: bundle, external: true };
      return { errors: [{ text: `${importer} imports ${path} lazily: name its bundle here` }] };
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: isProduction,
  sourcemap: isProduction ? false : 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  metafile: true,
};

/** @type {import('esbuild').BuildOptions} */
const host = {
  ...common,
  entryPoints: {
    extension: 'src/extension.ts',
    app: 'src/app.ts',
    imageLinks: 'src/document/imageLinks.ts',
    links: 'src/document/links/linkReader.ts',
    htmlTokenizer: 'src/document/links/parsers/htmlTokenizer.ts',
    cssTokenizer: 'src/document/links/parsers/cssTokenizer.ts',
    scriptParser: 'src/document/links/parsers/scriptParser.ts',
    markdownParser: 'src/document/links/parsers/markdownParser.ts',
    undici: 'undici',
  },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  // `require` is what the editor teaches about `vscode`; a native import() would go past it.
  supported: { 'dynamic-import': false },
  plugins: [splitAtDynamicImports],
};

/** The thread that converts images; its decoders and encoders are compiled code beside it. */
/** @type {import('esbuild').BuildOptions} */
const converter = {
  ...common,
  entryPoints: { convertWorker: 'src/images/convert/convertWorker.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  // The code is given to them, wherever they think that they are.
  define: { 'import.meta.url': '"file:///"' },
};

const codecFiles = [
  '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm',
  '@jsquash/png/codec/pkg/squoosh_png_bg.wasm',
  '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm',
  '@jsquash/webp/codec/dec/webp_dec.wasm',
  '@jsquash/webp/codec/enc/webp_enc_simd.wasm',
];

/** @type {import('esbuild').BuildOptions} */
const hostTests = {
  ...common,
  minify: false,
  sourcemap: 'inline',
  entryPoints: [
    'test/host/index.ts',
    'test/bench/activationSuite.ts',
    'test/bench/quickFixesSuite.ts',
    'test/bench/referencesSuite.ts',
    ...globSync('test/host/*/*.test.ts'),
  ],
  outbase: 'test',
  outdir: 'dist/test',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  external: ['vscode', 'mocha', 'sharp'],
  supported: { 'dynamic-import': false },
};

/** @type {import('esbuild').BuildOptions} */
const pages = {
  ...common,
  entryPoints: [
    { in: 'src/webview/imagePage.ts', out: 'imagePage' },
    { in: 'src/webview/studio/main.ts', out: 'studio' },
    { in: 'src/webview/studio/studio.css', out: 'studio' },
    // A file of its own: elements with a shadow root link it again.
    { in: '@vscode/codicons/dist/codicon.css', out: 'codicon' },
  ],
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
  outdir: 'dist',
  format: 'esm',
  platform: 'browser',
  target: 'chrome130',
};

const builds = isProduction ? { host, pages, converter } : { host, pages, converter, hostTests };

/** Bundles that are being built. */
const unbuilt = new Set(Object.keys(builds));

/**
 * Says when all is built; .vscode/tasks.json waits for it before it starts an editor.
 * @param {string} name
 * @returns {import('esbuild').Plugin}
 */
function announce(name) {
  return {
    name: 'announce',
    setup(build) {
      build.onStart(() => {
        if (unbuilt.size === 0) process.stdout.write('[watch] build started\n');
        unbuilt.add(name);
      });
      build.onEnd(() => {
        unbuilt.delete(name);
        if (unbuilt.size === 0) process.stdout.write('[watch] build finished\n');
      });
    },
  };
}

/**
 * The licences of what is bundled, which have to go where it goes.
 * @param {Pick<import('esbuild').Metafile, 'inputs'>} metafile
 */
function licensesOf({ inputs }) {
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
  const folders = new Set(Object.keys(inputs).flatMap((path) => folder.exec(path)?.[0] ?? []));
  const texts = [...folders].sort().map((path) => {
    const { name, version } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
    // lit ships none of its own; it is of one repository and licence with lit-html.
    const home = name === 'lit' ? `${path}-html` : path;
    const file = readdirSync(home).find((each) => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${name} has no licence file to be shipped`);
    // Compiled code in it is of others.
    const codec = globSync(`${path}/{codec,lib/resize}/LICENSE.codec.md`);
    const files = [`${home}/${file}`, ...codec].map((each) => readFileSync(each, 'utf8').trim());
    return `${name} ${version}\n\n${files.join('\n\n')}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

mkdirSync('dist', { recursive: true });
for (const path of codecFiles) copyFileSync(`node_modules/${path}`, `dist/${basename(path)}`);
if (isWatching) {
  const contexts = Object.entries(builds).map(([name, options]) =>
    esbuild.context({ ...options, plugins: [...(options.plugins ?? []), announce(name)] }),
  );
  for (const context of await Promise.all(contexts)) await context.watch();
} else {
  /** Of what is shipped. */
  const inputs = {};
  for (const [name, options] of Object.entries(builds)) {
    const { metafile } = await esbuild.build(options);
    // Read by the test that keeps the bundles apart.
    writeFileSync(`dist/${name}.meta.json`, JSON.stringify(metafile));
    if (name !== 'hostTests') Object.assign(inputs, metafile.inputs);
  }
  writeFileSync('dist/third-party-licenses.txt', licensesOf({ inputs }));
}
