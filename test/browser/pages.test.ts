/** The pages in real Chromium: each one at every width and in both themes, and what they do. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { smtpPeer, type SmtpPeer } from '../support';
import { noChromium, openChromium } from '../support/chromium';
import { startStack, type StackProcess } from '../demo/demo-process';
import { fillCart, identify, liveThrough, script, shopOf, timeScale, track, type Life } from './life';
import {
  accessFaults,
  faults,
  inEveryLook,
  keepPicture,
  openPage,
  viewer,
  waitMs,
  type Look,
  type Watched,
} from './look';

describe.skipIf(noChromium)(`pages in Chromium${noChromium ?? ''}`, () => {
  let mail: SmtpPeer;
  let stack: StackProcess;
  let browser: Browser;
  let password = '';
  let signedIn: BrowserContextOptions;

  beforeAll(async () => {
    mail = await smtpPeer();
    [stack, browser] = await Promise.all([
      startStack(['start'], { SMTP_URL: mail.url, SOJOURN_TIME_SCALE: timeScale }),
      openChromium(),
    ]);
    password = (await stack.secrets()).adminPassword;
    const { page } = await openPage(browser, { baseURL: stack.url });
    await page.goto('/');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    signedIn = { baseURL: stack.url, storageState: await page.context().storageState() };
    await page.context().close();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await mail?.close();
  });

  const inside = viewer(
    () => browser,
    () => signedIn,
  );
  const outside = viewer(
    () => browser,
    () => ({ baseURL: stack.url }),
  );

  interface Shown {
    path: string;
    /** What is there once the page has all that it shows. */
    ready: string;
    name: string;
  }

  async function lookAt(view: (look: Look) => Promise<Watched>, look: Look, { name, path, ready }: Shown) {
    const watched = await view(look);
    const { page } = watched;
    if (name === 'not-found') await page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`);
    else await page.goto(path);
    await page.locator(ready).first().waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    expect(await faults(watched)).toEqual([]);
    await keepPicture(page, `${name}-${look.width}-${look.theme}`);
  }

  describe('before anything has come in', () => {
    const empty = [{ name: 'empty-overview', path: '/', ready: '.first-event' }];
    const others = [
      { name: 'empty-people', path: '/people', ready: '.empty' },
      { name: 'empty-messages', path: '/messages', ready: '.empty' },
      { name: 'empty-journey', path: '/journeys/onboarding', ready: '.empty' },
    ];
    test.each(inEveryLook([...empty, ...others]))('$title', ({ look, ...page }) => lookAt(inside, look, page));

    test.each(inEveryLook([{ name: 'sign-in', path: '/settings', ready: 'input[type=password]' }]))(
      '$title',
      ({ look, ...page }) => lookAt(outside, look, page),
    );
  });

  describe('with some lives in the store', () => {
    let life: Life;
    beforeAll(async () => {
      life = await liveThrough(stack, mail);
    }, 200_000);

    const pages: { name: string; path: string | ((life: Life) => string); ready: string }[] = [
      { name: 'overview', path: '/?minutes=1440', ready: '.recharts-surface' },
      { name: 'journeys', path: '/journeys', ready: '.data-table' },
      { name: 'journey', path: '/journeys/cart-abandonment?runs=ended', ready: '.bars' },
      { name: 'people', path: '/people', ready: '.data-table' },
      { name: 'nobody', path: '/people?search=zzzz', ready: '.empty' },
      { name: 'person', path: '/people/ada', ready: '.entry-message' },
      { name: 'messages', path: '/messages', ready: '.data-table' },
      { name: 'message', path: ({ sent }) => `/messages/${sent}`, ready: '.mail-frame' },
      { name: 'message-not-sent', path: ({ notSent }) => `/messages/${notSent}`, ready: '.facts' },
      { name: 'message-uncertain', path: ({ uncertain }) => `/messages/${uncertain}`, ready: '.mail-frame' },
      { name: 'settings', path: '/settings', ready: '.data-table' },
      { name: 'not-found', path: '/journeys-of-elsewhere', ready: 'text=There is no such page' },
    ];
    test.each(inEveryLook(pages))('$title', ({ look, name, path, ready }) =>
      lookAt(inside, look, { name, ready, path: typeof path === 'string' ? path : path(life) }),
    );

    describe('at work', () => {
      async function open(path: string): Promise<Page> {
        const { page } = await openPage(browser, { ...signedIn, viewport: { width: 1440, height: 900 } });
        await page.goto(path);
        await page.locator('h1').waitFor();
        onTestFinished(() => page.context().close());
        return page;
      }
      const shop = () => shopOf(stack);
      const dialog = (page: Page) => page.getByRole('dialog');

      test('a wrong password is refused, and the right one leads to where one was going', async () => {
        const { page } = await openPage(browser, { baseURL: stack.url });
        onTestFinished(() => page.context().close());
        await page.goto('/messages?state=uncertain');
        await page.getByLabel('Password').fill('wrong');
        await page.keyboard.press('Enter');
        await expect.poll(() => page.getByRole('alert').innerText()).toMatch(/password/i);
        expect(await accessFaults(page)).toEqual([]);
        await page.getByLabel('Password').fill(password);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Messages', level: 1 }).waitFor();
        expect(page.url()).toBe(`${stack.url}/messages?state=uncertain`);

        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByLabel('Password').waitFor();
        await page.goto('/people');
        await page.getByLabel('Password').waitFor();
      });

      test('a run is stopped once that is confirmed, and the page shows it by itself', async () => {
        await shop().tell(identify('stan'), fillCart('stan'));
        const page = await open('/people/stan');
        const stop = page.getByRole('button', { name: 'Stop the run of cart-abandonment' });
        await stop.click();
        expect(await accessFaults(page)).toEqual([]);
        await dialog(page).getByRole('button', { name: 'Cancel' }).click();
        const [run] = (await stack.read<{ runs: { state: string }[] }>('/v1/runs?person=stan')).runs;
        expect(run?.state).toBe('live');

        await stop.click();
        await dialog(page).getByRole('button', { name: 'Stop the run' }).click();
        await page.locator('.entry-title', { hasText: 'Run of cart-abandonment ended: stopped' }).waitFor();
        await page.locator('.entry', { hasText: 'Stopped by admin.' }).waitFor();
        await page.getByText('No run is live').waitFor();
        expect(await stop.count()).toBe(0);
      });

      test.each([
        ['nadia', 'unreachable: this person has no address on this channel'],
        ['rita', 'the mail server refused it for good, with 550'],
        ['uma', 'no answer came'],
        ['alan', 'the run ended before one was due (logout)'],
        ['cora', 'the entry rule did not hold (cart value 12)'],
        ['visitor-1', 'It never started for this person. Starts on add_to_cart.'],
      ])('why %s got no reminder is seen without scrolling, on a phone too', async (person, why) => {
        for (const viewport of [
          { width: 390, height: 844 },
          { width: 1440, height: 900 },
        ]) {
          const { page } = await openPage(browser, { ...signedIn, viewport });
          await page.goto(`/people/${person}`);
          const answer = page.locator('.answer', { hasText: 'cart-abandonment' }).getByText(why);
          await answer.waitFor();
          const { y, height } = (await answer.boundingBox())!;
          const places = (await page.getByRole('navigation', { name: 'Pages' }).boundingBox())!;
          expect(y + height).toBeLessThan(viewport.width === 390 ? places.y : viewport.height);
          await page.context().close();
        }
      });

      test('a message that failed shows first what the mail server said', async () => {
        const page = await open(`/messages/${await shop().reminder('rita', 'failed')}`);
        await page.locator('.page-head', { hasText: 'no such mailbox' }).waitFor();
      });

      test('a run on the timeline leads to its own entries alone', async () => {
        const page = await open('/people/ada');
        const other = page.locator('.entry-title', { hasText: 'telescope_pointed' });
        await other.waitFor();
        await page.locator('.entry', { hasText: 'Sent cart-reminder' }).getByRole('link', { name: /alone/ }).click();
        await other.waitFor({ state: 'detached' });
        expect(await page.locator('.entry-title', { hasText: 'Sent cart-reminder' }).count()).toBe(1);
        expect(new URL(page.url()).pathname).toBe('/people/ada');
      });

      test('colours follow the system until somebody chooses, and the choice stays', async () => {
        const { page } = await openPage(browser, { ...signedIn, colorScheme: 'dark' });
        onTestFinished(() => page.context().close());
        const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
        const [light, dark] = ['rgb(245, 246, 248)', 'rgb(15, 18, 24)'];
        await page.goto('/settings');
        await page.locator('h1').waitFor();
        expect(await ground()).toBe(dark);
        await page.emulateMedia({ colorScheme: 'light' });
        await expect.poll(ground).toBe(light);

        await page.getByRole('button', { name: 'Change to dark colours' }).click();
        await expect.poll(ground).toBe(dark);
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.emulateMedia({ colorScheme: 'light' });
        await page.getByRole('button', { name: 'Change to light colours' }).waitFor();
        await page.reload();
        await page.locator('h1').waitFor();
        expect(await ground()).toBe(dark);
      });

      test('what is printed of a person is dark on white, with all that happened and nothing to click', async () => {
        const { page } = await openPage(browser, { ...signedIn, colorScheme: 'dark' });
        onTestFinished(() => page.context().close());
        await page.goto('/people/ada');
        await page.locator('.entry-message').first().waitFor();
        const entries = await page.locator('.entry:visible').count();
        await page.emulateMedia({ media: 'print' });
        expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(23, 27, 36)');
        expect(await page.locator('.entry:visible').count()).toBeGreaterThanOrEqual(entries);
        expect(await page.locator('button:visible, nav:visible, select:visible').count()).toBe(0);
      });

      test('an uncertain message is settled', async () => {
        const page = await open('/messages?state=uncertain');
        const ugo = page.getByRole('row').filter({ hasText: 'ugo' });
        await ugo.getByRole('button', { name: 'It was sent' }).click();
        await dialog(page).getByRole('button', { name: 'It was sent' }).click();
        await ugo.waitFor({ state: 'detached' });
        const settled = await shop().reminder('ugo', 'sent');
        await page.goto(`/messages/${settled}`);
        await page.locator('.page-head', { hasText: 'Settled as sent by admin on' }).waitFor();
        await page.goto('/messages?state=uncertain');
        await page.getByRole('row').filter({ hasText: 'uma' }).waitFor();
        expect(await page.getByRole('row').filter({ hasText: 'uma' }).count()).toBe(1);
      });

      test('a paused journey takes nobody in until it is resumed', async () => {
        const page = await open('/journeys/cart-abandonment');
        await page.getByRole('button', { name: 'Pause' }).click();
        await dialog(page).getByRole('button', { name: 'Pause' }).click();
        await page.locator('.page-head .chip', { hasText: 'paused' }).waitFor();
        await page.locator('.page-head', { hasText: 'Paused by admin on' }).waitFor();
        await shop().tell(identify('pam'), fillCart('pam'));
        const pam = await open('/people/pam');
        await pam.locator('.entry-title', { hasText: 'Did not enter cart-abandonment' }).waitFor();
        expect(await pam.locator('.entry', { hasText: 'Did not enter' }).innerText()).toContain(
          'the journey was paused',
        );

        await page.getByRole('button', { name: 'Resume' }).click();
        await dialog(page).getByRole('button', { name: 'Resume' }).click();
        await page.getByRole('button', { name: 'Pause' }).waitFor();
        await shop().tell(fillCart('pam'));
        await pam.locator('.entry-title', { hasText: 'Entered cart-abandonment' }).waitFor();
      });

      test('a key is shown once, works, and is made anew and revoked', async () => {
        const page = await open('/settings');
        const report = (key: string) =>
          fetch(`${stack.url}/v1/identify`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` },
            body: JSON.stringify({ userId: 'kim', traits: {} }),
          }).then(({ status }) => status);
        await page.getByLabel('Name', { exact: true }).fill('shop server');
        await page.getByRole('button', { name: 'Make a key' }).click();
        const made = page.locator('.made-key');
        const first = await made.innerText();
        expect(await report(first)).toBe(200);
        expect(await accessFaults(page)).toEqual([]);

        await page.getByRole('button', { name: 'Rotate shop server' }).click();
        await dialog(page).getByRole('button', { name: 'Make a new key' }).click();
        await expect.poll(() => made.innerText()).not.toBe(first);
        const second = await made.innerText();

        await page.reload();
        const keys = page.getByRole('table', { name: 'Keys' });
        const either = keys.getByRole('row').filter({ hasText: 'shop server' }).last();
        await either.waitFor();
        expect(await page.content()).not.toContain(second);
        await either.getByRole('button', { name: 'Revoke shop server' }).click();
        await dialog(page).getByRole('button', { name: 'Revoke the key' }).click();
        await page.locator('.chip', { hasText: 'revoked' }).waitFor();
        expect((await Promise.all([report(first), report(second)])).sort()).toEqual([200, 401]);
        const changes = page.getByRole('table', { name: 'Changes', exact: true }).getByRole('row');
        await changes.filter({ hasText: 'Key shop server' }).filter({ hasText: 'valid → revoked' }).waitFor();
        expect(await accessFaults(page)).toEqual([]);
        await keepPicture(page, 'settings with changes');
      });

      test('somebody is found by name, with the keyboard alone', async () => {
        const page = await open('/');
        await page.keyboard.press('Tab');
        const focused = () => page.evaluate<string>('document.activeElement.innerText || document.activeElement.id');
        expect(await focused()).toBe('Skip to the page');
        await page.keyboard.press('Enter');
        expect(await page.evaluate('document.activeElement.id')).toBe('main');

        await page.keyboard.press('/');
        await page.getByRole('heading', { name: 'People', level: 1 }).waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('grace');
        await expect.poll(() => page.getByRole('row').count()).toBe(2);
        await page.getByRole('link', { name: 'Grace Hopper' }).focus();
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Grace Hopper', level: 1 }).waitFor();
        expect(await page.evaluate('document.activeElement.id')).toBe('main');
      });

      test('Escape closes a dialog, and the focus returns to its button', async () => {
        const page = await open('/journeys/onboarding');
        const pause = page.getByRole('button', { name: 'Pause' });
        await pause.focus();
        await page.keyboard.press('Enter');
        await dialog(page).waitFor();
        await page.keyboard.press('Escape');
        await dialog(page).waitFor({ state: 'hidden' });
        expect(await page.evaluate('document.activeElement.innerText')).toBe('Pause');
        expect(await stack.read('/v1/journeys/onboarding')).toMatchObject({ mode: 'live' });
      });

      test('what happens is shown without a reload', async () => {
        const page = await open('/people/cora');
        await page.locator('.entry').first().waitFor();
        await page.evaluate('window.sameDocument = true');
        await shop().tell(track('cora', 'login'));
        await page.locator('.entry-title', { hasText: 'login' }).waitFor();
        expect(await page.evaluate('window.sameDocument')).toBe(true);
      });

      test('a lost connection is said, what was known stays, and it goes on by itself', async () => {
        const page = await open('/people/ada');
        await page.locator('.entry').first().waitFor();
        await page.context().setOffline(true);
        const bar = page.getByText('Sojourn does not answer');
        await bar.waitFor();
        expect(await page.locator('.entry').count()).toBeGreaterThan(5);
        expect(await accessFaults(page)).toEqual([]);
        await page.context().setOffline(false);
        await bar.waitFor({ state: 'detached' });
      });

      test('a store that is away from the start stays said while it is asked again, until it answers', async () => {
        const { page } = await openPage(browser, signedIn);
        onTestFinished(() => page.context().close());
        let asked = 0;
        const away = { status: 503, contentType: 'application/problem+json', body: '{"title":"The store is away"}' };
        await page.route('**/v1/overview*', (route) => {
          asked++;
          return route.fulfill(away);
        });
        await page.goto('/');
        await page.getByRole('alert').getByText('This page tries again by itself').waitFor();
        await page.evaluate(`
          window.silent = 0;
          new MutationObserver(() => document.querySelector('[role=alert]') ?? window.silent++)
            .observe(document.body, { childList: true, subtree: true })`);
        const before = asked;
        await expect.poll(() => asked, { timeout: waitMs }).toBeGreaterThan(before + 4);
        expect(await page.evaluate('window.silent')).toBe(0);
        await page.unroute('**/v1/overview*');
        await page.locator('.figures').waitFor();
      });

      test('what somebody called himself is text, on every page and in the mail', async () => {
        for (const path of ['/people?search=eve', '/people/eve', '/messages', `/messages/${await eve()}`]) {
          const { page, complaints } = await openPage(browser, signedIn);
          await page.goto(path);
          await page.getByText(script).first().waitFor();
          await page.locator('.loading').first().waitFor({ state: 'detached' });
          expect([path, await page.locator('img[src="x"]').count(), await page.evaluate('window.owned ?? 0')]).toEqual([
            ...[path, 0, 0],
          ]);
          if (path.startsWith('/messages/')) {
            const frame = page.frameLocator('.mail-frame');
            await frame.getByText(script).first().waitFor();
            expect(await frame.locator('img[src="x"], script').count()).toBe(0);
          }
          expect(complaints()).toEqual([]);
          await page.context().close();
        }
        async function eve(): Promise<string> {
          return shop().reminder('eve', 'sent');
        }
      });
    });
  });
});
