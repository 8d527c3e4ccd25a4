// What stands in vendor/ is what the packages of package-lock.json hold: `npm run vendor` renews it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const kCopies = [
  ['LICENSE', 'LICENSE'],
  ['uPlot.esm.js', 'dist/uPlot.esm.js'],
  ['uPlot.esm.d.ts', 'dist/uPlot.d.ts'],
  ['uPlot.min.css', 'dist/uPlot.min.css'],
];

for (const [copy, original] of kCopies) {
  test(`vendor/uplot/${copy} is the package's`, () => {
    assert.deepEqual(
      readFileSync(`vendor/uplot/${copy}`),
      readFileSync(`node_modules/uplot/${original}`),
    );
  });
}
