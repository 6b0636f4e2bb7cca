/** The demo in real Chromium, as a newcomer meets it: from the guide through the shop to the mail, and to why it came or not. */
import { createTransport } from 'nodemailer';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PersonAnswer } from '../../src/http/answers';
import { until } from '../support';
import { noChromium, openChromium } from '../support/chromium';
import { startDemo, type DemoProcess } from '../demo/demo-process';
import { faults, inEveryLook, keepPicture, openPage, viewer, watch, type Watched } from './look';

/** For what takes the stack's time: a reminder goes after 15 or 30 s, help with a step after 60 s. */
const goesWithin = { timeout: 120_000 };

describe.skipIf(noChromium)(`the demo in Chromium${noChromium ?? ''}`, () => {
  let demo: DemoProcess;
  let browser: Browser;
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(['--no-shoppers']), openChromium()]);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const newcomer = () => openPage(browser, { baseURL: demo.url, viewport: { width: 1280, height: 900 } });

  /** What follows a link that opens a tab. */
  async function tabOf(page: Page, act: () => Promise<void>): Promise<Page> {
    const [tab] = await Promise.all([page.context().waitForEvent('page'), act()]);
    return tab;
  }

  async function signUp(shop: Page, name: string): Promise<string> {
    await shop.goto('/shop/account');
    await shop.getByLabel('Name').fill(name);
    await shop.getByLabel('E-mail address').fill(`${name.split(' ')[0]!.toLowerCase()}@example.com`);
    await shop.getByRole('button', { name: 'Sign up' }).click();
    await shop.getByText('You are signed in as').waitFor();
    const { visitor } = await shop.evaluate<{ visitor: { userId: string } }>(
      `fetch('/shop/api/session').then((answer) => answer.json())`,
    );
    return visitor.userId;
  }

  async function fillCart(shop: Page): Promise<void> {
    await shop.getByRole('link', { name: 'Everything' }).first().click();
    await shop.getByRole('link', { name: 'Halden desk' }).click();
    await shop.getByRole('button', { name: 'Add to cart' }).click();
    await shop.getByRole('link', { name: 'Cart, 1 item' }).click();
  }

  describe('what visitors do', { concurrent: true }, () => {
    test('a cart that is left is followed by a mail with what lies in it, and by its reason', async ({ expect }) => {
      const guide = await newcomer();
      const { page } = guide;
      await page.goto('/demo');
      const shop = await tabOf(page, () => page.getByRole('link', { name: 'Open the shop' }).click());
      const userId = await signUp(shop, 'Ada Lovelace');
      await page.getByRole('img', { name: 'Step 1: done' }).waitFor();
      await fillCart(shop);
      await shop.getByRole('link', { name: 'Leave it here' }).click();
      await page.getByRole('img', { name: 'Step 2: done' }).waitFor();
      await page.getByRole('timer').waitFor();
      await page.locator('.code [aria-current=step]', { hasText: 'j.idle(patience)' }).waitFor();

      await page.getByRole('img', { name: 'Step 3: done' }).waitFor(goesWithin);
      await page.locator('.code .done', { hasText: /j\.send\('cart-reminder'.*sent$/ }).waitFor();
      expect(await faults(guide)).toEqual([]);
      await keepPicture(page, 'guide-done');
      const mail = await tabOf(page, () => page.getByRole('link', { name: 'Open the mail' }).click());
      const frame = mail.frameLocator('iframe');
      await frame.getByText('Halden desk').waitFor();
      const picture = `document.querySelector('img[src*="oak-desk"]').naturalWidth`;
      await expect.poll(() => mail.frames().at(-1)?.evaluate(picture)).toBeGreaterThan(100);

      // The same tab as the mail's.
      await page.getByRole('link', { name: 'Why it came' }).click();
      await mail.getByRole('heading', { name: 'Ada Lovelace', level: 1 }).waitFor();
      const why = mail.locator('.entry-says', { hasText: /^Sent because add_to_cart came.*cart-is-open answered yes/ });
      await why.waitFor();

      const temporal = await tabOf(page, () => page.getByRole('link', { name: 'The run in Temporal' }).click());
      await temporal.getByText(`cart-abandonment/${userId}`).first().waitFor(goesWithin);
    });

    test('who buys in time gets no reminder, and the page says why', async () => {
      const { page } = await newcomer();
      const userId = await signUp(page, 'Grace Hopper');
      await fillCart(page);
      await page.getByRole('link', { name: 'Check out' }).click();
      await page.getByRole('button', { name: 'Place the order' }).click();
      await page.getByText('no reminder will come').waitFor();

      await page.goto(`/people/${userId}`);
      const end = page.locator('.entry', { hasText: 'Run of cart-abandonment ended: goal reached' });
      await end.waitFor();
      expect(await end.innerText()).toContain('goal purchase');
      const { messages } = await demo.read<{ messages: unknown[] }>(
        `/v1/messages?journey=cart-abandonment&person=${userId}`,
      );
      expect(messages).toEqual([]);
      await page.goto('/demo');
      await page.getByText('No reminder was sent: you bought what was in it').waitFor();
    });

    test('who unsubscribes by the link in a mail gets no other of its kind, and the page says why', async () => {
      const { page } = await newcomer();
      const userId = await signUp(page, 'Alan Turing');
      const consents = async () => (await demo.read<PersonAnswer>(`/v1/people/${userId}`)).consents;
      const inbox = await page.context().newPage();
      await inbox.goto('/inbox');
      await inbox.getByRole('link', { name: 'alan@example.com' }).click();
      const leave = await tabOf(inbox, () =>
        inbox.frameLocator('iframe').getByRole('link', { name: 'Unsubscribe' }).click(),
      );
      const watched = watch(leave);
      await leave.getByRole('heading', { name: 'Unsubscribe' }).waitFor();
      expect(await consents()).toEqual([]);
      await leave.getByRole('button', { name: 'Unsubscribe' }).click();
      await leave.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
      expect(await consents()).toMatchObject([{ topic: 'onboarding', state: 'out' }]);
      expect(await faults(watched)).toEqual([]);

      await page.getByRole('button', { name: 'Do it' }).first().click();
      await page.goto(`/people/${userId}`);
      const not = page.locator('.entry', { hasText: 'Not sent: onboarding-step-help' });
      await not.waitFor(goesWithin);
      expect(await not.innerText()).toContain('unsubscribed: this person wants no messages');
    });

    test('a script in a mail does nothing', async () => {
      const port = Number(/Inbox: ready on smtp:\/\/127\.0\.0\.1:(\d+)/.exec(demo.output())?.[1]);
      const beacon = (by: string) => `fetch('${demo.url}/ran-${by}');parent.document.title='ran'`;
      await createTransport({ host: '127.0.0.1', port, ignoreTLS: true }).sendMail({
        from: 'eve@example.com',
        to: 'script@example.com',
        subject: 'Look',
        html: `<script>${beacon('script')}</script><img src="x:" onerror="${beacon('image')}"><svg onload="${beacon('svg')}"></svg>
          <form action="${demo.url}/ran-form"><button>Press</button></form><b>Hello</b>`,
      });
      const { page } = await newcomer();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto('/inbox');
      await page.getByRole('link', { name: 'script@example.com' }).click();
      expect(await page.locator('.mail time').getAttribute('title')).toMatch(/by the stack's clock, .* by the wall's$/);
      const frame = page.frameLocator('iframe');
      await frame.getByText('Hello').waitFor();
      await frame.getByRole('button', { name: 'Press' }).click();
      await page.getByRole('radio', { name: 'Text' }).check({ force: true });
      await page.locator('.mail-text').waitFor();
      expect(asked.filter((url) => url.includes('/ran-'))).toEqual([]);
      expect(await page.title()).toBe('Inbox · Sojourn');
    });
  });

  describe('how it looks', () => {
    beforeAll(async () => {
      const who = { name: 'Ada Byron', email: 'ada.byron@example.com', anonymousId: 'browser-ada' };
      expect((await demo.visitor().shop('sign-up', who)).status).toBe(200);
      const mails = async () => (await demo.read<{ mails: unknown[] }>(`/v1/inbox?to=${who.email}`)).mails.length;
      await until(mails, { what: 'the mail about starting' });
    });

    const view = viewer(
      () => browser,
      () => ({ baseURL: demo.url }),
    );

    interface Shown {
      name: string;
      path: string;
      ready: string;
      /** What is done there first. */
      first?: (page: Page) => Promise<void>;
    }
    const pages: Shown[] = [
      { name: 'guide', path: '/demo', ready: '.step' },
      { name: 'shop', path: '/shop', ready: '.card' },
      { name: 'product', path: '/shop/product/oak-desk', ready: '.product' },
      { name: 'sign-up', path: '/shop/account', ready: 'form' },
      { name: 'cart-empty', path: '/shop/cart', ready: 'h1' },
      {
        name: 'cart',
        path: '/shop/product/oak-desk',
        ready: '.lines',
        async first(page) {
          await page.getByRole('button', { name: 'Add to cart' }).click();
          await page.getByRole('link', { name: /^Cart/ }).click();
        },
      },
      { name: 'checkout', path: '/shop/checkout', ready: '.receipt' },
      { name: 'inbox', path: '/inbox', ready: '.mail-link' },
      {
        name: 'mail',
        path: '/inbox?search=ada',
        ready: 'iframe',
        first: (page) => page.locator('.mail-link').first().click(),
      },
    ];

    test.each(inEveryLook(pages))('$title', async ({ look, name, path, ready, first }) => {
      const watched: Watched = await view(look);
      const { page } = watched;
      await page.goto(path);
      await first?.(page);
      await page.locator(ready).first().waitFor();
      await page.locator('.loading').first().waitFor({ state: 'detached' });
      expect(await faults(watched)).toEqual([]);
      await keepPicture(page, `${name}-${look.width}-${look.theme}`);
    });

    test('each product has its picture', async () => {
      const { page } = await newcomer();
      await page.goto('/shop');
      await page.locator('.card').first().waitFor();
      await page.evaluate(`for (const image of document.images) image.loading = 'eager'`);
      const widths = () => page.evaluate<number[]>('Array.from(document.images, (image) => image.naturalWidth)');
      await expect.poll(async () => Math.min(...(await widths()))).toBeGreaterThan(300);
      expect((await widths()).length).toBe(8);
    });
  });
});
