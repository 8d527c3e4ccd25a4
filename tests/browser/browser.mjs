// The browser that the tests drive.
import { chromium } from 'playwright-core';
import { kDeadlineMs } from './program.mjs';

const kArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(...more) {
  return chromium.launch({
    executablePath: process.env.RTCPUB_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [...kArguments, ...more],
  });
}

export async function openPage(browser, options = {}) {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(kDeadlineMs);
  return page;
}

/** There may be one over the picture and one in a panel: the one that can be seen. */
export const seen = (page, id) => page.locator(`[data-testid=${id}]:visible`);

/** Has the robot say a line until it is seen: before a page's data channel is open it is lost. */
export async function tellUntil(robot, line, isSeen) {
  robot.write(line);
  const telling = setInterval(() => robot.write(line), 500);
  try {
    await isSeen();
  } finally {
    clearInterval(telling);
  }
}

/** Telemetry, until it is plotted. */
export function plotAppears(page, robot) {
  const canvas = page.getByTestId('plot').locator('canvas').first();
  return tellUntil(robot, 'metric\t{"battery":{"voltage":7.364},"speed":1.25}', () =>
    canvas.waitFor({ state: 'attached' }),
  );
}

/** Waits until the text of an element is as wanted. */
export async function textBecomes(page, id, pattern) {
  const find = ([testId, source]) =>
    new RegExp(source).test(document.querySelector(`[data-testid=${testId}]`)?.textContent ?? '');
  await page.waitForFunction(find, [id, pattern.source]);
}
