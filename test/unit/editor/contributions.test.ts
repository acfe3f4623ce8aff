import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  commandIds,
  settingDefaults,
  settingsPrefix,
  walkthroughId,
} from '../../../src/editor/contributions.ts';
import type { ModelRow } from '../../../src/evolink/models/modelRow.ts';
import { shippedModels } from '../../../src/evolink/models/shippedModels.ts';
import { offeredSizes } from '../../../src/evolink/models/sizes.ts';
import { nameVariables } from '../../../src/images/fileName.ts';

interface Setting {
  order: number;
  type: string;
  default: unknown;
  scope: string;
  enum?: string[];
  enumDescriptions?: string[];
  markdownEnumDescriptions?: string[];
  markdownDescription: string;
}

interface Manifest {
  name: string;
  publisher: string;
  main: string;
  icon: string;
  version: string;
  engines: { vscode: string };
  devDependencies: Record<string, string>;
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; category: string; icon?: string }[];
    keybindings: {
      command: string;
      key: string;
      mac: string;
      when: string;
      args?: { atCursor: boolean };
    }[];
    configuration: { title: string; order: number; properties: Record<string, Setting> }[];
    menus: Record<string, { command?: string; submenu?: string; when?: string }[]>;
    walkthroughs: {
      id: string;
      steps: {
        id: string;
        description: string;
        media: Record<string, string>;
        completionEvents?: string[];
      }[];
    }[];
  };
}

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const manifestText = read('package.json');
const manifest = JSON.parse(manifestText) as Manifest;
const words = JSON.parse(read('package.nls.json')) as Record<string, string>;
const { commands, configuration, keybindings, menus, walkthroughs } = manifest.contributes;
const settings = Object.fromEntries(
  configuration.flatMap(({ properties }) => Object.entries(properties)),
);
const known: readonly string[] = commandIds;

function inWords(text: string): string {
  return words[text.replace(/^%|%$/g, '')] ?? assert.fail(`There are no words for ${text}`);
}

describe('the commands of package.json', () => {
  it('are those the code registers', () => {
    assert.deepEqual(commands.map(({ command }) => command).toSorted(), commandIds.toSorted());
  });

  it('each have a title in words, and one category', () => {
    for (const { title, category } of commands) {
      assert.match(title, /^%command\.\w+%$/);
      assert.notEqual(inWords(title), '');
      assert.equal(inWords(category), 'Image Studio');
    }
  });

  it('have the titles other people’s instructions rely on', () => {
    const titles = commands.map(({ command, title }) => [command, inWords(title)]);
    const promised: Record<string, string> = {
      'imageStudio.generate': 'Generate Image…',
      'imageStudio.edit': 'Edit Image…',
      'imageStudio.openStudio': 'Open Studio',
      'imageStudio.setApiKey': 'Set API Key…',
      'imageStudio.clearApiKey': 'Clear API Key',
      'imageStudio.checkConnection': 'Check Connection and Credits',
      'imageStudio.insertImage': 'Insert Image at Cursor…',
      'imageStudio.compareImages': 'Compare Images',
      'imageStudio.showImageOrigin': 'Show How This Image Was Made',
      'imageStudio.recoverTask': 'Recover Image by Task ID…',
      'imageStudio.showJobs': 'Show Jobs',
      'imageStudio.showLog': 'Show Log',
    };
    for (const [command, title] of titles) {
      if (promised[command!]) assert.equal(title, promised[command!]);
    }
  });

  it('are all that menus speak of', () => {
    for (const [menu, items] of Object.entries(menus)) {
      for (const { command, submenu } of items) {
        assert.ok(command !== undefined || submenu !== undefined, menu);
        if (command !== undefined) assert.ok(known.includes(command), `${menu}: ${command}`);
      }
    }
  });

  it('edit every kind of image that is offered for it, whatever the case of its name', () => {
    const edits = Object.values(menus)
      .flat()
      .filter(({ command }) => command === 'imageStudio.edit');
    assert.ok(edits.length >= 3);
    for (const { when } of edits) {
      const [, source, flags] = /resourceExtname =~ \/(.*?)\/(\w*)(?: |$)/.exec(when ?? '') ?? [];
      const extension = new RegExp(source!, flags);
      for (const name of ['.png', '.jpg', '.jfif', '.webp', '.PNG', '.svg'])
        assert.match(name, extension);
      for (const name of ['.html', '.txt', '.pngx', '']) assert.doesNotMatch(name, extension);
    }
  });
});

describe('the menus of package.json', () => {
  const whenOf = (menu: string, command: string) =>
    menus[menu]?.find((item) => item.command === `imageStudio.${command}`)?.when;

  it('offer what belongs to a selection, a folder or an image only there', () => {
    assert.match(whenOf('editor/context', 'generateFromSelection') ?? '', /^editorHasSelection &&/);
    assert.match(
      whenOf('explorer/context', 'generateInFolder') ?? '',
      /^explorerResourceIsFolder &&/,
    );
    const preview = /^activeCustomEditorId == 'imagePreview\.previewEditor' &&/;
    assert.match(whenOf('editor/title', 'insertImage') ?? '', preview);
    assert.match(whenOf('editor/title', 'edit') ?? '', preview);
  });

  it('leave out of the palette what only a menu can run, and a second name of the Studio', () => {
    for (const command of ['generateFromSelection', 'generateInFolder', 'useAsReference'])
      assert.equal(whenOf('commandPalette', command), 'false', command);
    const inItsTab = "activeWebviewPanelId == 'imageStudioPanel'";
    assert.equal(whenOf('commandPalette', 'openStudioInSideBar'), inItsTab);
  });
});

describe('the key bindings of package.json', () => {
  it('are one group of chords, the same on every system', () => {
    for (const { command, key, mac, when } of keybindings) {
      assert.ok(known.includes(command), command);
      assert.match(key, /^ctrl\+k shift\+[a-z]$/);
      assert.equal(mac, key.replace('ctrl', 'cmd'));
      // Where Cmd+K clears the terminal, it has to go on doing so.
      assert.match(when, /^!terminalFocus(?: && !?editorTextFocus)?$/);
    }
  });

  it('are each for one command, and mean the text only where the keyboard is in it', () => {
    const byKey = Map.groupBy(keybindings, ({ key }) => key);
    for (const [key, bindings] of byKey) {
      assert.equal(new Set(bindings.map(({ command }) => command)).size, 1, key);
      const whens = bindings.map(({ when }) => when.replace('!terminalFocus', ''));
      const everywhere =
        bindings.length === 1 ? [''] : [' && !editorTextFocus', ' && editorTextFocus'];
      assert.deepEqual(whens, everywhere, key);
    }
    for (const { when, args } of keybindings)
      assert.equal(args?.atCursor ?? false, when.endsWith(' && editorTextFocus'));
  });

  it('are those of the README', () => {
    const rows = [
      ...read('README.md').matchAll(
        /^\| `Ctrl\+K` `Shift\+([A-Z])` +\| ([^;|]+?)[;| ]*(?:;.*)?\|$/gm,
      ),
    ];
    assert.deepEqual(
      rows.map(([, letter = '', title = '']) => [
        `ctrl+k shift+${letter.toLowerCase()}`,
        title.trim(),
      ]),
      [...new Map(keybindings.map((each) => [each.key, each])).values()].map(({ command, key }) => [
        key,
        inWords(commands.find((each) => each.command === command)?.title ?? ''),
      ]),
    );
  });
});

describe('the settings of package.json', () => {
  it('are those the code reads, with the same defaults', () => {
    const declared = Object.fromEntries(
      Object.entries(settings).map(([name, setting]) => [name, setting.default]),
    );
    const expected = Object.fromEntries(
      Object.entries(settingDefaults).map(([name, value]) => [`${settingsPrefix}.${name}`, value]),
    );
    assert.deepEqual(declared, expected);
  });

  it('stand in sections, in the order in which they are used', () => {
    const sections = configuration.map(({ title }) => inWords(title));
    assert.equal(new Set(sections).size, sections.length);
    const orders = configuration.map(({ order }) => order);
    assert.deepEqual(
      orders,
      orders.toSorted((one, other) => one - other),
    );
    const ofAll = Object.values(settings).map(({ order }) => order);
    assert.deepEqual(
      ofAll,
      [...ofAll.keys()].map((index) => index + 1),
    );
    const names = Object.keys(settings);
    assert.equal(names[0], 'imageStudio.model');
    assert.equal(names.at(-1), 'imageStudio.filesBaseUrl');
  });

  it('each have an example, and more than one choice', () => {
    const chinese = JSON.parse(read('package.nls.zh-cn.json')) as Record<string, string>;
    for (const [name, { markdownDescription, enum: values }] of Object.entries(settings)) {
      const key = markdownDescription.replaceAll('%', '');
      assert.match(inWords(key), /Example: ./, name);
      assert.match(chinese[key] ?? '', /示例：./, name);
      if (values) assert.ok(values.length > 1, name);
    }
  });

  it('have defaults of their own type, and among their own values', () => {
    for (const [name, { type, default: value, enum: values }] of Object.entries(settings)) {
      if (type === 'integer') assert.ok(Number.isInteger(value), name);
      else if (type === 'array') assert.ok(Array.isArray(value), name);
      else assert.equal(typeof value, type, name);
      if (values) assert.ok(values.includes(String(value)), name);
    }
  });

  it('offer the models of the table, and what they accept', () => {
    const of = (name: string) => settings[`${settingsPrefix}.${name}`]?.enum;
    const [first, ...others] = shippedModels;
    const each = (valuesOf: (row: ModelRow) => readonly string[]) => [
      ...new Set([first!, ...others].flatMap(valuesOf)),
    ];
    assert.equal(first?.id, settingDefaults.model);
    assert.deepEqual(
      of('model'),
      each(({ id }) => [id]),
    );
    assert.deepEqual(
      of('size'),
      each(({ sizes }) => offeredSizes(sizes)),
    );
    assert.deepEqual(
      of('quality'),
      each(({ qualities }) => qualities?.values ?? []),
    );
    const resolutions = each((row) => row.resolutions?.values ?? []);
    assert.deepEqual(of('resolution')?.toSorted(), ['', ...resolutions].toSorted());
  });

  it('describe as many values as they have', () => {
    for (const setting of Object.values(settings)) {
      const described = setting.markdownEnumDescriptions ?? setting.enumDescriptions;
      if (described) assert.equal(described.length, setting.enum?.length);
    }
  });

  it('do not let a workspace say where the key is sent, or what is paid', () => {
    for (const name of ['apiBaseUrl', 'filesBaseUrl', 'maxConcurrentTasks', 'models'])
      assert.equal(settings[`${settingsPrefix}.${name}`]?.scope, 'machine', name);
  });

  it('are kept back in Restricted Mode if they change what is paid, said or written', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const ofWorkspaces = Object.keys(settings).filter(
      (name) => settings[name]?.scope === 'resource',
    );
    const harmless = [
      'imageStudio.output.openAfterSave',
      // Whether something is offered, which a user then asks for.
      'imageStudio.document.missingImages',
    ];
    assert.deepEqual([...restrictedConfigurations, ...harmless].sort(), ofWorkspaces.sort());
  });

  it('name every variable that a file name may have', () => {
    const description = words['setting.output.fileName'] ?? '';
    for (const name of nameVariables) assert.ok(description.includes(`\${${name}}`), name);
  });
});

describe('the words of package.json', () => {
  const used = [...manifestText.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? '');

  it('are all there', () => {
    assert.deepEqual(
      used.filter((key) => !(key in words)),
      [],
    );
  });

  it('are all used', () => {
    assert.deepEqual(
      Object.keys(words).filter((key) => !used.includes(key)),
      [],
    );
  });

  it('stand nowhere but in package.nls.json', () => {
    const kinds = 'title|category|description|markdownDescription|altText|viewsWelcome|placeholder';
    const found = manifestText.matchAll(new RegExp(`"(?:${kinds})": "([^"]*)"`, 'g'));
    for (const [, text] of found) assert.match(text!, /^%[\w.]+%$/);
  });

  it('speak of commands and settings that exist', () => {
    const names = [...commandIds, ...Object.keys(settings)];
    for (const text of Object.values(words)) {
      for (const [name] of text.matchAll(/\bimageStudio\.\w+(?:\.\w+)*/g))
        assert.ok(names.includes(name), name);
    }
  });
});

describe('the walkthrough', () => {
  const [walkthrough] = walkthroughs;

  it('is the one the code opens', () => {
    const { publisher, name } = manifest;
    assert.equal(`${publisher}.${name}#${String(walkthrough?.id)}`, walkthroughId);
    assert.equal(walkthroughs.length, 1);
  });

  it('has images that are there', () => {
    for (const { media } of walkthrough?.steps ?? []) {
      const { altText, ...pictures } = media;
      assert.notEqual(inWords(String(altText)), '');
      assert.notDeepEqual(pictures, {});
      for (const path of Object.values(pictures)) assert.ok(existsSync(join(root, path)), path);
    }
  });

  it('has images that go with any theme', () => {
    for (const { media } of walkthrough?.steps ?? []) {
      if (media['svg'] !== undefined) assert.match(read(media['svg']), /var\(--vscode-/);
    }
  });

  it('ticks each step by what was done, in whatever way', () => {
    const events = walkthrough?.steps.flatMap((step) => step.completionEvents ?? []) ?? [];
    assert.equal(events.length, walkthrough?.steps.length);
    const ticked = globSync('src/**/*.ts', { cwd: root }).flatMap((path) =>
      [...read(path).matchAll(/tickStep\(([^;]*)\);/g)].map(([, step = '']) => step),
    );
    for (const event of events) {
      const [, step = ''] = /^onContext:imageStudio\.(\w+)$/.exec(event) ?? [];
      assert.ok(
        ticked.some((each) => each.includes(`'${step}'`)),
        event,
      );
    }
  });

  it('ends its steps with commands that exist, and offers them', () => {
    for (const { id, description, completionEvents } of walkthrough?.steps ?? []) {
      const ids = [...inWords(description).matchAll(/\(command:([\w.]+)\)/g)].map(
        ([, name]) => name,
      );
      assert.ok(ids.length > 0, id);
      for (const name of ids)
        assert.ok(known.includes(name!) || name === 'workbench.action.openGlobalKeybindings', name);
      for (const event of completionEvents ?? []) {
        const command = /^onCommand:(.*)$/.exec(event)?.[1];
        if (command !== undefined) assert.ok(known.includes(command), event);
      }
    }
  });
});

describe('package.json', () => {
  it('names files that are there', () => {
    assert.ok(existsSync(join(root, manifest.icon)));
    assert.equal(manifest.main, './dist/extension.cjs');
  });

  it('asks for no newer editor than the types it was written against', () => {
    const [, engine] = /^\^(\d+\.\d+)\./.exec(manifest.engines.vscode) ?? [];
    assert.equal(
      manifest.devDependencies['@types/vscode']?.replace(/^[~^]/, '').slice(0, 5),
      engine,
    );
  });

  it('has every command, setting and context key the code speaks of', () => {
    const conditions = [...manifestText.matchAll(/"when": "(.*)"|"onContext:(.*)"/g)].join(' ');
    const contextKeys = conditions.match(/\bimageStudio\.\w+/g) ?? [];
    const names = [...commandIds, ...Object.keys(settings), ...contextKeys];
    for (const path of globSync('src/**/*.ts', { cwd: root })) {
      for (const [name] of read(path).matchAll(/\bimageStudio\.\w+(?:\.\w+)*/g))
        assert.ok(names.includes(name), `${path}: ${name}`);
    }
  });
});
