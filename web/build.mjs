// Builds the console into one folder of four files, for the server to embed.
// Usage: node build.mjs [FOLDER]   (default: dist)
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, 'dist'));

await mkdir(out, { recursive: true });
await build({
  entryPoints: { console: join(here, 'src/main.ts') },
  outdir: out,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['chrome100', 'firefox110', 'safari15.4'],
  charset: 'utf8',
  legalComments: 'inline',
  logLevel: 'warning',
});
for (const name of ['index.html', 'favicon.svg']) {
  await copyFile(join(here, 'src', name), join(out, name));
}
for (const name of ['index.html', 'console.js', 'console.css', 'favicon.svg']) {
  const { size } = await stat(join(out, name));
  console.log(`${name.padEnd(12)} ${(size / 1024).toFixed(1).padStart(6)} KiB`);
}
