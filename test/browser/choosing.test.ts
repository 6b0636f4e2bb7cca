/** From a mail shown in the inbox to what is chosen behind its link, clicked in a real browser with scripts off. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFrontDoor, type FrontDoor } from '../http/front-door';
import { noChromium, openChromium } from '../support/chromium';

describe.skipIf(noChromium)(`the links of a mail${noChromium ?? ''}`, () => {
  let door: FrontDoor;
  let browser: Browser;
  let link = '';

  beforeAll(async () => {
    // As a mail of elsewhere has it: a link without a target.
    const html = () => `<html><head></head><body><a href="${link}">Choose what you get</a></body></html>`;
    const mail = { id: 7, at: 0, from: 'a@example.com', to: [], subject: 's', messageId: 'm', headers: {}, text: '' };
    const get = (): typeof mail & { html: string } => ({ ...mail, html: html() });
    door = await openFrontDoor({ parts: { inbox: { list: () => [get()], get } } });
    browser = await openChromium();
    await door.post('/v1/identify', { userId: 'ann', traits: {} });
    const { id } = await door.db.selectFrom('people').select('id').executeTakeFirstOrThrow();
    link = `${door.url}/u/${door.signer.unsubscribe({ personId: id, topic: 'offers', sendId: 's' })}?preferences`;
  });
  afterAll(async () => {
    await browser?.close();
    await door?.close();
  });

  test('open in a tab of their own, where the choice is made', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    await page.route('**/frame', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<iframe src="/inbox/7/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
      }),
    );
    await page.goto(`${door.url}/frame`);
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      page.frameLocator('iframe').getByRole('link').click(),
    ]);
    await tab.getByLabel('Offers and discounts').uncheck();
    await tab.getByRole('button', { name: 'Save' }).click();
    await tab.getByText('Saved. You get: “Reminders about your cart”').waitFor();
    expect(await tab.getByLabel('Offers and discounts').isChecked()).toBe(false);
    const consents = (await door.get('/v1/people/ann')).json['consents'];
    expect(consents).toMatchObject([{ topic: 'offers', state: 'out', source: 'preferences' }]);

    await tab.getByRole('button', { name: 'Unsubscribe from all' }).click();
    await tab.getByText('Saved. You are unsubscribed from all marketing messages').waitFor();
    await tab.getByRole('button', { name: 'Subscribe again' }).click();
    await tab.getByText('Saved. You get: “Reminders about your cart”').waitFor();
    await context.close();
  });
});
