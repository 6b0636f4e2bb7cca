/**
 * A real Chromium: that of the environment's CHROMIUM, or the first of its usual names on the PATH. Each one started has
 * a profile of its own, which is removed when it is closed.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Without a sandbox, since tests run as root in containers; and silent, so that no page's request is mixed with its own. */
const quiet = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  const places = CHROMIUM ? [CHROMIUM] : PATH.split(delimiter).flatMap((folder) => names.map((n) => join(folder, n)));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const executablePath = findChromium();

/** Why there is no browser, as the end of a suite's name; undefined where there is one. */
export const noChromium =
  executablePath === undefined
    ? `: skipped, since ${process.env.CHROMIUM ? 'CHROMIUM names no program' : 'there is no Chromium on the PATH'}`
    : undefined;

export async function openChromium(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('There is no Chromium: ask noChromium first.');
  return chromium.launch({ executablePath, args: quiet });
}
