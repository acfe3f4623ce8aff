import { convert as convertAsciidoc } from '@asciidoctor/core';
import { transform } from '@astrojs/compiler';
import { parse as parseScript, parseExpression } from '@babel/parser';
import { parse as parseVue } from '@vue/compiler-dom';
import Handlebars from 'handlebars';
import { Liquid } from 'liquidjs';
import MarkdownIt from 'markdown-it';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { mdxjs } from 'micromark-extension-mdxjs';
import { parseFragment } from 'parse5';
import { parse as parseCss, type Root } from 'postcss';
import { parse as parseLess } from 'postcss-less';
import { parse as parseScss } from 'postcss-scss';
import lexPug from 'pug-lexer';
import parsePug from 'pug-parser';
import { parse as parseSvelte } from 'svelte/compiler';

/** An image as the parser of a language reads it. */
export interface ReadImage {
  /** As it stands in the language, which escapes it as an address or not at all. */
  target: string | undefined;
  /** Missing in a language that has no place for it. */
  alt?: string | undefined;
}

export type ReadLanguage = (markup: string) => ReadImage | Promise<ReadImage>;

/** Anything of a tree; nodes are looked for by their fields. */
type Tree = Record<string, unknown>;

/** The first node, in depth, that a test accepts. */
function findNode(tree: unknown, accepts: (node: Tree) => boolean): Tree {
  const found = nodesOf(tree).find(accepts);
  if (!found) throw new Error(`no image in ${JSON.stringify(tree).slice(0, 500)}`);
  return found;
}

function nodesOf(tree: unknown, seen = new Set<unknown>()): Tree[] {
  if (typeof tree !== 'object' || tree === null || seen.has(tree)) return [];
  seen.add(tree);
  const own = Array.isArray(tree) ? [] : [tree as Tree];
  const inner = Object.entries(tree).filter(([key]) => key !== 'parent' && key !== 'parentNode');
  return [...own, ...inner.flatMap(([, value]) => nodesOf(value, seen))];
}

interface Attribute {
  name: string;
  value: string;
}

const valueOf = (attributes: Attribute[], wanted: string) =>
  attributes.find(({ name }) => name === wanted)?.value;

export function readHtml(html: string): ReadImage {
  const images = nodesOf(parseFragment(html)).filter(({ tagName }) => tagName === 'img');
  if (images.length !== 1) throw new Error(`${String(images.length)} images in ${html}`);
  const attributes = images[0]?.['attrs'] as Attribute[];
  return { target: valueOf(attributes, 'src'), alt: valueOf(attributes, 'alt') };
}

export function readMarkdown(text: string): ReadImage {
  const markdown = new MarkdownIt();
  const tokens = markdown.parse(text, {}).flatMap(({ children }) => children ?? []);
  const images = tokens.filter(({ type }) => type === 'image');
  const [image] = images;
  if (!image || images.length > 1) throw new Error(`${String(images.length)} images in ${text}`);
  const alt = markdown.renderer.renderInlineAsText(image.children ?? [], markdown.options, {});
  return { target: String(image.attrGet('src')), alt };
}

export function readMdx(text: string): ReadImage {
  const tree = fromMarkdown(text, { extensions: [mdxjs()] });
  const { url, alt } = findNode(tree, ({ type }) => type === 'image');
  return { target: url as string, alt: alt as string };
}

async function renderLiquid(text: string): Promise<string> {
  return (await new Liquid().parseAndRender(text)) as string;
}

export async function readLiquidMarkdown(text: string): Promise<ReadImage> {
  return readMarkdown(await renderLiquid(text));
}

export function readVue(markup: string): ReadImage {
  const tree = parseVue(`<template>${markup}</template>`);
  const { props } = findNode(tree, ({ tag }) => tag === 'img') as {
    props: { name: string; value?: { content: string } }[];
  };
  const attributes = props.map(({ name, value }) => ({ name, value: value?.content ?? '' }));
  return { target: valueOf(attributes, 'src'), alt: valueOf(attributes, 'alt') };
}

export function readSvelte(markup: string): ReadImage {
  const tree = parseSvelte(markup, { modern: true });
  const { attributes } = findNode(tree, ({ name }) => name === 'img') as {
    attributes: { name: string; value: { type: string; data: string }[] }[];
  };
  const texts = attributes.map(({ name, value }) => ({
    name,
    value: value.map(({ type, data }) => (type === 'Text' ? data : `not a text: ${type}`)).join(''),
  }));
  return { target: valueOf(texts, 'src'), alt: valueOf(texts, 'alt') };
}

/** The page that Astro renders is a template of a script. */
export async function readAstro(markup: string): Promise<ReadImage> {
  const { code } = await transform(`<p>${markup}</p>`);
  const nodes = nodesOf(parseScript(code, { sourceType: 'module' }));
  const raw = nodes.find(({ type, value }) => type === 'TemplateElement' && isPage(value))?.[
    'value'
  ];
  const { target, alt } = readHtml(`${(raw as { cooked: string }).cooked.replace(/ ?$/, '')}>`);
  const expression = nodes.find(
    ({ type, callee }) =>
      type === 'CallExpression' && (callee as Tree)['name'] === '$$addAttribute',
  );
  const [value] = (expression?.['arguments'] ?? []) as Tree[];
  return { target, alt: value ? String(value['value']) : alt };
}

function isPage(value: unknown): boolean {
  return (value as { cooked: string }).cooked.includes('<img');
}

export function readHandlebars(markup: string): ReadImage {
  return readHtml(Handlebars.compile(markup)({}));
}

export async function readLiquid(markup: string): Promise<ReadImage> {
  return readHtml(await renderLiquid(markup));
}

export function readJsx(markup: string): ReadImage {
  const tree = parseScript(`const a = <p>${markup}</p>;`, { plugins: ['jsx', 'typescript'] });
  const { attributes } = findNode(
    tree,
    ({ type, name }) => type === 'JSXOpeningElement' && (name as Tree)['name'] === 'img',
  ) as { attributes: { name: { name: string }; value: { type: string; value: string } }[] };
  const texts = attributes.map(({ name, value }) => ({ name: name.name, value: value.value }));
  return { target: valueOf(texts, 'src'), alt: valueOf(texts, 'alt') };
}

/** A string of a script in quotes of any kind. */
export function readString(literal: string): string {
  const expression = parseExpression(literal);
  if (expression.type === 'StringLiteral') return expression.value;
  if (expression.type === 'TemplateLiteral' && expression.quasis.length === 1)
    return expression.quasis[0]?.value.cooked ?? '';
  throw new Error(`${literal} is a ${expression.type}`);
}

const readStyle = (parse: (text: string) => Root) => (markup: string) => {
  const { value } = findNode(
    parse(`a { background: ${markup} no-repeat; }`),
    ({ type }) => type === 'decl',
  );
  const [, target] = /^url\("([^"\\]*)"\) no-repeat$/.exec(value as string) ?? [];
  return { target };
};

export const readCss = readStyle((text) => parseCss(text));
export const readScss = readStyle((text) => parseScss(text));
export const readLess = readStyle((text) => parseLess(text));

export async function readAsciidoc(text: string): Promise<ReadImage> {
  return readHtml((await convertAsciidoc(text)) as string);
}

export function readPug(markup: string): ReadImage {
  const { attrs } = findNode(parsePug(lexPug(markup)), ({ name }) => name === 'img') as {
    attrs: { name: string; val: string }[];
  };
  const texts = attrs.map(({ name, val }) => ({ name, value: readString(val) }));
  return { target: valueOf(texts, 'src'), alt: valueOf(texts, 'alt') };
}
