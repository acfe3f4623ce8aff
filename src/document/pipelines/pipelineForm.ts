import { posix } from 'node:path';
import type { ImageLink, OwnForm } from '../imageMarkup.ts';
import { modulePath } from '../imageMarkup.ts';
import type { LanguageName } from '../languageIds.ts';
import { frontMatterEnd } from '../links/frontMatter.ts';
import type { Parsers } from '../links/linksOf.ts';
import { doAll } from '../links/steps.ts';
import { spelledAlt, spelledPath } from '../spelling.ts';
import type { Pipeline, Project } from './pipeline.ts';
import { importsOf, type ScriptImports } from './scriptImports.ts';

/** What is written elsewhere in the text, for what is inserted. */
export interface TextInsertion {
  offset: number;
  text: string;
}

/** How a project writes images in one of its texts. */
export interface PipelineForm {
  form: OwnForm;
  /** The imports that the images written so far need. */
  imports: () => TextInsertion | undefined;
}

/** The text that is written into, and where. */
export interface PipelineText {
  text: string;
  /** Absolute, with forward slashes. */
  documentPath: string;
  offset: number;
}

/** A longer one takes too long to read at once; it gets the form that everybody has. */
const maxScriptChars = 25_000;

/** Where imports stand, and what is put around them where no script is there yet. */
interface Script {
  known: ScriptImports;
  begin: number;
  end: number;
  /** Whether its text begins right behind a tag. */
  isTagBefore: boolean;
  around: readonly [lead: string, trail: string];
}

type WriteImage = (link: ImageLink, alt: string, imports: Imports) => string;

/** Widths that browsers choose from; a wider screen gets the image as it is. */
const widths = [640, 1280, 1920];
const reserved = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield'.split(
    ' ',
  ),
);

const forms: Readonly<Record<Pipeline, Partial<Record<string, WriteImage>>>> = {
  astro: {
    astro(link, alt, imports) {
      const name = imports.module(link.path);
      return `<${imports.named('astro:assets', 'Image')} src={${name}} alt=${spelledAlt.astro(alt)} />`;
    },
  },
  next: {
    jsx(link, alt, imports) {
      const words = spelledAlt.attribute(alt);
      const name = imports.module(link.path);
      return `<${imports.default('next/image', 'Image')} src={${name}} alt="${words}" />`;
    },
  },
  enhancedImg: {
    svelte: (link, alt) =>
      `<enhanced:img src="${spelledPath.url(modulePath(link.path))}" alt="${spelledAlt.attribute(alt)}" />`,
  },
  imagetools: {
    jsx: (link, alt, imports) => {
      const { name, set, sizes } = imports.set(link);
      return `<img src={${name}} srcSet={${set}} sizes="${sizes}" alt="${spelledAlt.attribute(alt)}"${sized(link, '{', '}')} />`;
    },
    svelte: (link, alt, imports) => {
      const { name, set, sizes } = imports.set(link);
      return `<img src={${name}} srcset={${set}} sizes="${sizes}" alt="${spelledAlt.attribute(alt)}"${sized(link, '"', '"')} />`;
    },
    vue: (link, alt, imports) => {
      const { name, set, sizes } = imports.set(link);
      return `<img :src="${name}" :srcset="${set}" sizes="${sizes}" alt="${spelledAlt.attribute(alt)}"${sized(link, '"', '"')} />`;
    },
  },
};

/**
 * How a project writes images in one of its texts.
 * @param parsers those of the language
 * @returns undefined where it does it as everybody does
 */
export function pipelineForm(
  language: LanguageName,
  place: PipelineText,
  { folder, pipeline }: Project,
  parsers: Parsers,
): PipelineForm | undefined {
  const kind = kindOf(language, place.documentPath);
  const write = kind === undefined ? undefined : forms[pipeline][kind];
  if (kind === undefined || !write) return undefined;
  const script = scriptOf(kind, place.text, parsers);
  const isInScript =
    kind !== 'jsx' && script && place.offset > script.begin && place.offset < script.end;
  if (!script || isInScript || place.offset < script.known.place.offset) return undefined;
  const imports = createImports(script, place.documentPath);
  return {
    form: (name, link, alt) => {
      if (name !== language && !(name === 'jsx' && language === 'script')) return undefined;
      const file = posix.join(posix.dirname(place.documentPath), link.path);
      if (!file.startsWith(`${folder}/`) || link.path.startsWith('/')) return undefined;
      const publicFolder = `${folder}/public/`;
      if (!file.startsWith(publicFolder)) return write(link, alt, imports);
      const address = spelledPath.url(`/${file.slice(publicFolder.length)}`);
      return publicImage(pipeline, kind, address, link, alt, imports);
    },
    imports: () => imports.written(),
  };
}

function kindOf(language: LanguageName, documentPath: string): string | undefined {
  if (language === 'astro' || language === 'jsx') return language;
  if (language === 'script') return 'jsx';
  return documentPath.endsWith('.vue')
    ? 'vue'
    : documentPath.endsWith('.svelte')
      ? 'svelte'
      : undefined;
}

/** What lies in the public folder is given out as it is, by an address from the root. */
function publicImage(
  pipeline: Pipeline,
  kind: string,
  address: string,
  link: ImageLink,
  alt: string,
  imports: Imports,
): string {
  const words = kind === 'astro' ? spelledAlt.astro(alt) : `"${spelledAlt.attribute(alt)}"`;
  const [open, close] = kind === 'jsx' ? ['{', '}'] : ['"', '"'];
  const isComponent = pipeline === 'next' && link.size !== undefined;
  const tag = isComponent ? imports.default('next/image', 'Image') : 'img';
  return `<${tag} src="${address}" alt=${words}${sized(link, open, close)} />`;
}

function sized({ size }: ImageLink, open: string, close: string): string {
  if (!size) return '';
  const { width, height } = size;
  return ` width=${open}${String(width)}${close} height=${open}${String(height)}${close}`;
}

function scriptOf(kind: string, text: string, parsers: Parsers): Script | undefined {
  const read = (begin: number, end: number): Script | undefined => {
    if (end - begin > maxScriptChars) return undefined;
    const tree = doAll(parsers.parseScript(text.slice(begin, end), kind === 'jsx'));
    const isTagBefore = text.charAt(begin - 1) === '>';
    const known = importsOf(text.slice(0, end), tree, begin);
    if (!known) return undefined;
    return {
      known,
      begin,
      end,
      isTagBefore,
      around: ['', ''],
    };
  };
  const missing = (lead: string, trail: string, indent = ''): Script => {
    const known: ScriptImports = {
      imports: [],
      taken: new Set(),
      quote: "'",
      semicolon: ';',
      indent,
      place: { offset: 0, lead: '', trail: '' },
    };
    return { known, begin: 0, end: 0, isTagBefore: false, around: [lead, trail] };
  };
  if (kind === 'jsx') return read(0, text.length);
  if (kind === 'astro') {
    const end = frontMatterEnd(text);
    const begin = text.indexOf('\n') + 1;
    // Fences that do not begin the text, or have no end nearby, are not for us to complete.
    if (end === 0 && /^\s{0,100}(?:---|<!--)/.test(text)) return undefined;
    return end === 0 ? missing('---\n', '\n---\n\n') : read(begin, text.lastIndexOf('---', end));
  }
  const scripts = doAll(parsers.readTags(text)).filter(
    ({ name, contentTo }) => /^script$/i.test(name) && contentTo !== undefined,
  );
  const has = (tag: (typeof scripts)[number], attribute: string) =>
    tag.attributes.some(({ name }) => name === attribute);
  const own = scripts.find((tag) =>
    kind === 'vue'
      ? has(tag, 'setup')
      : // What has a type or an address is data, or another script's.
        !['module', 'context', 'type', 'src'].some((attribute) => has(tag, attribute)),
  );
  if (own) return read(own.to, own.contentTo ?? own.to);
  // Only a script with `setup` gives its names to the template of Vue.
  if (kind === 'vue')
    return scripts.length > 0 ? undefined : missing('<script setup>\n', '\n</script>\n\n');
  return missing('<script>\n', '\n</script>\n\n', '  ');
}

/** Collects what has to be imported; what is imported already is used again. */
interface Imports {
  /** @returns the name of an image */
  module: (path: string) => string;
  default: (module: string, name: string) => string;
  named: (module: string, name: string) => string;
  /** An image, and what browsers choose from in its place. */
  set: (link: ImageLink) => { name: string; set: string; sizes: string };
  written: () => TextInsertion | undefined;
}

function createImports(
  { known, begin, isTagBefore, around }: Script,
  documentPath: string,
): Imports {
  const { quote, semicolon, place, imports, indent } = known;
  const taken = new Set(known.taken);
  const lines: string[] = [];
  const names = new Map<string, string>();
  const inFolder = (module: string) => posix.join(posix.dirname(documentPath), module);

  function freeName(wanted: string): string {
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? wanted : `${wanted}${String(count)}`;
      if (taken.has(name) || reserved.has(name)) continue;
      taken.add(name);
      return name;
    }
  }

  function add(key: string, wanted: string, lineOf: (name: string) => string): string {
    const before = names.get(key);
    if (before !== undefined) return before;
    const name = freeName(wanted);
    names.set(key, name);
    lines.push(lineOf(name));
    return name;
  }

  const from = (module: string) => `from ${quote}${spelledPath.string(module)}${quote}${semicolon}`;

  function file(path: string, query: string, wanted: string): string {
    const written = modulePath(path);
    const known = imports.find(
      ({ module, defaultName }) =>
        defaultName !== undefined &&
        module.startsWith('.') &&
        inFolder(module) === inFolder(written + query),
    );
    return (
      known?.defaultName ??
      add(written + query, wanted, (name) => `import ${name} ${from(written + query)}`)
    );
  }

  return {
    module: (path) => file(path, '', nameOf(path)),
    default(module, wanted) {
      const known = imports.find((each) => each.module === module)?.defaultName;
      return known ?? add(module, wanted, (name) => `import ${name} ${from(module)}`);
    },
    named(module, wanted) {
      const known = imports.find((each) => each.module === module)?.names.get(wanted);
      return (
        known ??
        add(module, wanted, (name) =>
          name === wanted
            ? `import { ${name} } ${from(module)}`
            : `import { ${wanted} as ${name} } ${from(module)}`,
        )
      );
    },
    set({ path, size }) {
      const width = size?.width ?? Math.max(...widths);
      const chosen = [...widths.filter((each) => each < width), Math.min(width, 2_560)];
      const query = `?w=${chosen.join(';')}&format=webp&as=srcset`;
      const widest = String(chosen.at(-1));
      return {
        name: file(path, '', nameOf(path)),
        set: file(path, query, `${nameOf(path)}Set`),
        sizes: `(min-width: ${widest}px) ${widest}px, 100vw`,
      };
    },
    written() {
      if (lines.length === 0) return undefined;
      const { offset, lead, trail } = place;
      // A script that begins in the line of its tag.
      const isInLine = lead === '' && offset === begin && isTagBefore;
      const text = lines.map((line) => indent + line).join('\n');
      return { offset, text: around[0] + (isInLine ? '\n' : lead) + text + trail + around[1] };
    },
  };
}

/** `Hero image-2.png` is `heroImage2`. */
function nameOf(path: string): string {
  const stem = posix.basename(path, posix.extname(path));
  const words = stem.normalize('NFKD').match(/[a-z\d]+/gi) ?? [];
  const name = words
    .map((word, index) =>
      index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join('')
    .slice(0, 60);
  return /^[a-z]/i.test(name) ? name : `image${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
