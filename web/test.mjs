// Runs the unit tests (src/**/*_test.ts), or those of the files that are named: bundled first, since
// Node 18 reads no TypeScript. Options, with a dash, are for node --test.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'node_modules/.cache/rtcpub-console-test');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const options = process.argv.slice(2).filter((word) => word.startsWith('-'));
const named = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const tests = readdirSync(join(here, 'src'), { recursive: true }).filter((name) =>
  named.length > 0 ? named.includes(basename(name)) : name.endsWith('_test.ts'),
);
const bundling = spawnSync(
  'esbuild',
  [
    ...tests.map((name) => join(here, 'src', name)),
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--target=node18',
    '--sourcemap=inline',
    '--out-extension:.js=.mjs',
    '--log-level=warning',
    `--outdir=${out}`,
  ],
  { stdio: 'inherit' },
);
if (bundling.status !== 0) {
  console.error('esbuild failed, or is not there: apt install esbuild');
  process.exit(1);
}
const bundles = readdirSync(out, { recursive: true })
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => join(out, name));
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--test', ...options, ...bundles],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
