// node screenshots.mjs FOLDER: pictures of the console on a phone and a desk, light and dark, and the one of the README,
// console.jpg. The demonstration's car is driven in them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, openPage } from './browser.mjs';
import { Stage } from './program.mjs';

const kScreens = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  },
};
/** Long enough for the plots to show a curve. */
const kMessages = 60;
const kQuality = 85; // per cent
/** From standing to a speed that shows. */
const kDriveMs = 2500;

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node screenshots.mjs FOLDER');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const stage = new Stage();
const browser = await launch();
try {
  const demo = stage.start('demo', '--listen', '127.0.0.1:0', '--media-port', '0');
  const [, address] = await demo.waitFor((line) => /open (http\S+)/.exec(line));
  for (const [name, screen] of Object.entries(kScreens)) {
    for (const colorScheme of ['light', 'dark']) {
      const page = await openPage(browser, { ...screen, colorScheme });
      await page.goto(new URL('/', address).href);
      await page.getByTestId('channel-link').waitFor();
      await page.screenshot({
        path: join(folder, `list-${name}-${colorScheme}.png`),
        fullPage: true,
      });
      await page.goto(address);
      const full = (count) => document.querySelectorAll('[data-testid=log] li').length >= count;
      await page.waitForFunction(full, kMessages);
      await page.locator('[data-testid=drive-take]:visible').click();
      await page.getByTestId('drive-says').getByText('You drive.', { exact: true }).waitFor();
      await page.keyboard.down('w');
      await page.waitForTimeout(kDriveMs);
      await page.screenshot({
        path: join(folder, `channel-${name}-${colorScheme}.png`),
        fullPage: true,
      });
      if (name === 'desk' && colorScheme === 'light') {
        const path = join(folder, 'console.jpg');
        await page.screenshot({ path, type: 'jpeg', quality: kQuality });
      }
      await page.keyboard.up('w');
      await page.close();
    }
  }
} finally {
  await browser.close();
  await stage.close();
}
