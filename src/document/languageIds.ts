/**
 * Languages in which an image is linked, each by its ids in VS Code and its extensions. A window
 * that starts needs these alone; how each is written is in `languages.ts`.
 */
export const languageIds = {
  markdown: 'markdown prompt instructions chatagent chatmode skill',
  mdx: 'mdx',
  pandoc: 'quarto rmd rmarkdown',
  html: 'html vue vue-html php textile angular ng-template',
  astro: 'astro',
  template:
    'svelte handlebars twig django-html jinja jinja-html nunjucks njk liquid erb ejs html-eex heex phoenix-heex mustache gohtml gotmpl jsp ftl marko',
  atTemplate: 'razor aspnetcorerazor blade edge',
  jinjaMarkdown: 'jinja-md markdoc mdc',
  pug: 'jade pug',
  jsx: 'javascriptreact typescriptreact',
  script: 'javascript typescript',
  css: 'css scss less sass stylus postcss tailwindcss',
  latex: 'latex tex latex-expl3 doctex bibtex rsweave',
  asciidoc: 'asciidoc',
  restructuredtext: 'restructuredtext rst',
  typst: 'typst',
  org: 'org org-vscode',
} as const;

export type LanguageName = keyof typeof languageIds;

/** Ends of file names that say more than the id does, which is `plaintext` without the extension. */
export const languageFiles: Readonly<Partial<Record<LanguageName, string>>> = {
  mdx: 'mdx',
  pandoc: 'qmd Qmd rmd Rmd',
  html: 'vue textile',
  astro: 'astro',
  template: 'svelte twig jinja jinja2 j2 njk liquid erb rhtml ejs eex heex mustache tmpl jsp volt',
  atTemplate: 'blade.php cshtml razor edge',
  jinjaMarkdown: 'mdoc markdoc',
  css: 'sass styl stylus pcss',
  asciidoc: 'adoc asciidoc asc',
  restructuredtext: 'rst',
  typst: 'typ',
  org: 'org',
};

/** The language of a text, by the end of its file's name, else by its id. */
export function languageOf(languageId: string, path = ''): LanguageName | undefined {
  return (
    nameOf(languageFiles, (end) => path.endsWith(`.${end}`)) ??
    nameOf(languageIds, (id) => id === languageId)
  );
}

function nameOf(
  words: Readonly<Partial<Record<LanguageName, string>>>,
  isWord: (word: string) => boolean,
): LanguageName | undefined {
  const [name] = Object.entries(words).find(([, each]) => each.split(' ').some(isWord)) ?? [];
  return name as LanguageName | undefined;
}
