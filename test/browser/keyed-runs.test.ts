/** Somebody with several carts, in a journey that has a run for each: the pages in real Chromium tell them apart. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStack, type StackProcess } from '../demo/demo-process';
import { noChromium, openChromium } from '../support/chromium';
import { faults, inEveryLook, keepPicture, openPage, viewer } from './look';

const longOne = `order-${'0123456789'.repeat(12)}`;
const carts = ['c-17', 'c-18', longOne];

describe.skipIf(noChromium)(`runs with keys in Chromium${noChromium ?? ''}`, () => {
  let dir: string;
  let stack: StackProcess;
  let browser: Browser;
  let storageState: string;

  beforeAll(async () => {
    dir = await mkdtemp(resolve('test/e2e/.content-'));
    storageState = join(dir, 'signed-in.json');
    await cp(resolve('test/e2e/content'), dir, { recursive: true });
    const file = join(dir, 'workflows/reminder.ts');
    const source = await readFile(file, 'utf8');
    const perCart = source
      .replace("entry: { once: 'per 24 hours' },", "key: 'cart_id', hears: ['view_item'],")
      .replace("j.idle('4 seconds')", "j.sleep('2 hours')");
    await writeFile(file, perCart);
    [stack, browser] = await Promise.all([startStack(['start'], {}, dir), openChromium()]);
    const { writeKey, adminPassword } = await stack.secrets();
    const tell = async (event: string, properties: object) => {
      const body = JSON.stringify({ userId: 'ada', event, properties });
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${writeKey}` };
      expect((await fetch(`${stack.url}/v1/track`, { method: 'POST', headers, body })).status).toBe(200);
    };
    for (const cart_id of carts) await tell('add_to_cart', { value: 80, cart_id });
    await tell('view_item', { n: 1 });
    const { page } = await openPage(browser, { baseURL: stack.url });
    await page.goto('/');
    await page.getByLabel('Password').fill(adminPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.context().storageState({ path: storageState });
    await page.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await rm(dir, { recursive: true });
  });

  const inside = viewer(
    () => browser,
    () => ({ baseURL: stack.url, storageState }),
  );
  const shown = ['cart_id c-17', 'cart_id c-18', `cart_id ${longOne.slice(0, 20)}…${longOne.slice(-19)}`];

  test.each(inEveryLook([{ name: 'keyed-runs' }]))('$title', async ({ look, name }) => {
    const watched = await inside(look);
    const { page } = watched;
    await page.goto('/people/ada');
    const live = page.locator('.live-runs li');
    await expect.poll(() => live.locator('.live-run-name .id').allInnerTexts()).toEqual(shown.toReversed());
    for (const cart of ['c-17', 'c-18']) {
      await page.getByRole('button', { name: `Stop the run of reminder (cart_id ${cart})` }).waitFor();
      await page.locator('.entry', { hasText: 'Entered reminder' }).getByText(`cart_id ${cart}`).first().waitFor();
    }
    await page.locator('.entry', { hasText: 'Heard by' }).getByText('reminder (cart_id c-17)').waitFor();
    await page.locator('.answer', { hasText: 'reminder' }).getByText(shown[2]!).waitFor();
    expect(await page.getByTitle(`cart_id ${longOne}`).count()).toBeGreaterThan(1);
    const chooser = (await page.getByLabel('Run', { exact: true }).boundingBox())!;
    const section = (await page.locator('.timeline').boundingBox())!;
    expect(chooser.x + chooser.width).toBeLessThan(section.x + section.width);
    const options = await page.getByLabel('Run', { exact: true }).locator('option').allInnerTexts();
    expect(options.filter((text) => /^reminder \(cart_id c-1[78], run \d+\)$/.test(text))).toHaveLength(2);
    expect(await faults(watched)).toEqual([]);
    await keepPicture(page, `${name}-person-${look.width}-${look.theme}`);

    await page.goto('/journeys/reminder');
    await expect.poll(() => page.locator('.data-table td .id').allInnerTexts()).toEqual(shown.toReversed());
    expect(await faults(watched)).toEqual([]);
    await keepPicture(page, `${name}-journey-${look.width}-${look.theme}`);
  });
});
