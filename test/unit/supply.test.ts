import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  version: string;
  integrity?: string;
  resolved?: string;
  hasInstallScript?: boolean;
}

interface Metafile {
  inputs: Record<string, unknown>;
}

const root = join(import.meta.dirname, '../..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

describe('packages of others', () => {
  const lock = readJson('package-lock.json') as { packages: Record<string, LockedPackage> };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
  const manifest = readJson('package.json') as { allowScripts: Record<string, boolean> };

  it('are locked with a digest, each of them', () => {
    assert.ok(packages.length > 100, `${String(packages.length)} packages`);
    const unchecked = packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
    assert.deepEqual(
      unchecked.map(([path]) => path),
      [],
    );
  });

  it('come from the registry alone', () => {
    const elsewhere = packages.filter(([, { resolved }]) => resolved !== undefined);
    assert.deepEqual(elsewhere, []);
  });

  it('are asked for by version, and nothing else stands in their place', () => {
    const { dependencies, devDependencies, overrides } = readJson('package.json') as {
      dependencies?: Record<string, string>;
      devDependencies?: Record<string, string>;
      overrides?: unknown;
    };
    const asked = Object.entries({ ...dependencies, ...devDependencies });
    assert.deepEqual(
      asked.filter(([, version]) => !/^[~^]?\d+(\.\d+){0,2}$/.test(version)),
      [],
    );
    assert.equal(overrides, undefined);
    const linked = packages.filter(([, each]) => 'link' in each || 'inBundle' in each);
    assert.deepEqual(linked, []);
  });

  it('run no script while they are installed, but those that are allowed by name', () => {
    const withScripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = withScripts.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13));
    assert.deepEqual(names.toSorted(), Object.keys(manifest.allowScripts).toSorted());
    const npmSettings = readFileSync(join(root, '.npmrc'), 'utf8');
    assert.match(npmSettings, /^strict-allow-scripts=true$/m);
  });

  it('are named with version and licence where they are shipped', () => {
    const notices = readFileSync(join(root, 'dist/third-party-licenses.txt'), 'utf8');
    const shipped = new Set(
      ['host', 'pages', 'converter'].flatMap((build) => bundledPackages(`dist/${build}.meta.json`)),
    );
    assert.ok(shipped.size > 5, `${String(shipped.size)} packages`);
    for (const path of shipped) {
      const { version } = lock.packages[path] ?? assert.fail(`${path} is not locked`);
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const title = `${name} ${version}\n\n`;
      const start = notices.indexOf(title);
      assert.ok(start >= 0, `${title.trim()} is not named`);
      const text = notices.slice(start + title.length, start + title.length + 2_000);
      assert.match(text, /licen[cs]e|permission|copyright/i);
    }
  });
});

/** Paths in node_modules of the packages that a build took code from. */
function bundledPackages(metafilePath: string): string[] {
  assert.ok(existsSync(join(root, metafilePath)), 'Build first: node esbuild.js');
  const { inputs } = readJson(metafilePath) as Metafile;
  const inPackage = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/;
  return Object.keys(inputs).flatMap((path) => inPackage.exec(path)?.[1] ?? []);
}
