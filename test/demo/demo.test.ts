/** `sojourn demo` as a newcomer meets it, over HTTP: from signing up in the shop to the reminder and its reason. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commerce, productNamed } from '../../src/demo/shop/products';
import type { ReadyAnswer } from '../../src/http/answers';
import { until } from '../support';
import { startDemo, type DemoProcess } from './demo-process';

const startMs = 300_000;

describe('the demo', () => {
  let demo: DemoProcess;
  beforeAll(async () => {
    demo = await startDemo();
  }, startMs);
  afterAll(async () => {
    await demo?.stop();
  });

  test('says one address, and how to stop it', () => {
    const after = demo.output().split('Sojourn is ready')[1]!;
    expect(after.match(/https?:\S+/g)).toEqual([`${demo.url}/demo`]);
    expect(after).toContain('Ctrl-C stops it');
  });

  test('says of its router and worker, too, whether they do their work', async () => {
    const names = ['postgres', 'router', 'temporal', 'worker'];
    const states = () => demo.read<ReadyAnswer>('/readyz').then(({ parts }) => parts);
    expect(Object.keys(await states()).sort()).toEqual(names);
    await until(async () => Object.values(await states()).every(({ ready }) => ready), { what: 'all parts' });
  });

  test('shows guide, shop and pictures, which load nothing from elsewhere', async () => {
    for (const path of ['/demo', '/shop', '/shop/product/oak-desk']) {
      const response = await fetch(demo.url + path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/);
      const html = await response.text();
      expect(html).toContain('<div id="root">');
      expect(html).not.toMatch(/<script>|<style>|(src|href)="https?:/);
    }
    const picture = await fetch(`${demo.url}/shop/pictures/oak-desk.jpg`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await fetch(`${demo.url}/shop/pictures/..%2findex.html`)).status).toBe(404);
    const other = await fetch(`${demo.url.replace('127.0.0.1', 'localhost')}/demo?x=1`, { redirect: 'manual' });
    expect([other.status, other.headers.get('location')]).toEqual([302, `${demo.url}/demo?x=1`]);
  });

  test('reminds a visitor of the cart that they left, and the guide follows', async () => {
    const visitor = demo.visitor();
    expect(await visitor.progress()).toMatchObject({ visitor: null, reminder: { state: 'none' }, shoppers: true });
    const { suggestion, publicUrl } = await visitor.session();
    expect(publicUrl).toBe(demo.url);
    // The lamp is looked at by nobody in particular, who turns out to be Ada.
    const lamp = commerce([{ product: productNamed('task-lamp')!, quantity: 1 }], publicUrl);
    expect((await visitor.track({ anonymousId: 'browser-1', event: 'view_item', properties: lamp })).status).toBe(200);
    const signedUp = await visitor.shop('sign-up', { ...suggestion, anonymousId: 'browser-1' });
    expect(signedUp.status).toBe(200);
    expect(signedUp.headers.get('set-cookie')).toMatch(/^demo_shop=.*HttpOnly.*SameSite=Strict/);

    const { userId, signature, email } = (await visitor.session()).visitor!;
    const desk = commerce([{ product: productNamed('oak-desk')!, quantity: 1 }], publicUrl);
    const call = { userId, anonymousId: 'browser-1', event: 'add_to_cart', properties: desk };
    expect((await visitor.track(call)).status).toBe(403);
    expect((await visitor.track({ ...call, userIdSignature: signature })).status).toBe(200);

    const waiting = await until(
      async () => {
        const { reminder, code } = await visitor.progress();
        const here = code?.lines.find(({ mark }) => mark?.state === 'now');
        return reminder.state === 'waiting' && reminder.dueInMs !== null && here ? { ...reminder, here } : false;
      },
      { what: 'the countdown' },
    );
    expect(waiting.dueInMs).toBeLessThanOrEqual(30_000);
    expect(waiting.here.text).toContain('j.idle(patience)');
    const sent = await until(
      async () => {
        const progress = await visitor.progress();
        return progress.reminder.state === 'sent' && progress.reminder.mail !== null ? progress : false;
      },
      { withinMs: 75_000, everyMs: 500, what: 'the reminder' },
    );
    expect(sent).toMatchObject({ visitor: { userId, email }, cart: { value: 489, count: 1, currency: 'EUR' } });
    expect(sent.temporalRun).toContain(`cart-abandonment%2F${userId}`);

    const { mails } = await demo.read<{ mails: { subject: string; html: string }[] }>(`/v1/inbox?to=${email}`);
    const reminder = mails.find(({ subject }) => subject.includes('cart'))!;
    expect(reminder.html).toContain('Halden desk');
    expect(reminder.html).toContain(`src="${demo.url}/shop/pictures/oak-desk.jpg"`);
    const { items } = await demo.read<{ items: { name?: string }[] }>(`/v1/people/${userId}/timeline?limit=100`);
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(['view_item', 'sign_up', 'add_to_cart']));
  });

  test('knows a customer by the address, and nobody without the cookie', async () => {
    const first = demo.visitor();
    const who = { name: 'Grace Hopper', email: 'grace@example.com' };
    await first.shop('sign-up', { ...who, anonymousId: 'browser-2' });
    const { userId } = (await first.session()).visitor!;
    await first.shop('sign-out', {});
    expect((await first.session()).visitor).toBeNull();
    // The guide goes on telling of who signed out, until they start over.
    expect(await first.progress()).toMatchObject({ visitor: { userId }, signedOut: true });
    await first.shop('sign-out', { startOver: true });
    expect(await first.progress()).toMatchObject({ visitor: null, signedOut: false });
    const again = demo.visitor();
    const answer = await again.shop('sign-up', { ...who, email: 'Grace@example.com', anonymousId: 'browser-3' });
    expect(await answer.json()).toMatchObject({ returning: true, visitor: { userId } });
    const names = await until(async () => {
      const { items } = await demo.read<{ items: { name?: string }[] }>(`/v1/people/${userId}/timeline`);
      const found = items.map(({ name }) => name).filter((name) => name !== undefined);
      return found.includes('login') ? found : false;
    });
    expect(names.filter((name) => ['sign_up', 'logout', 'login'].includes(name))).toEqual([
      'login',
      'logout',
      'sign_up',
    ]);
  });

  test('says in the terminal that an event is not in the plan', async () => {
    await demo.visitor().track({ anonymousId: 'browser-5', event: 'add_to_crat' });
    const line = 'event add_to_crat is not in events.ts (did you mean add_to_cart?)';
    await until(() => demo.output().includes(line), { what: line });
  });

  test('refuses what no form of the shop sends', async () => {
    const visitor = demo.visitor();
    const who = { name: 'Eve', email: 'eve@example.com', anonymousId: 'browser-4' };
    const foreign = await visitor.shop('sign-up', who, { 'content-type': 'text/plain' });
    expect(foreign.status).toBe(415);
    for (const wrong of [{ ...who, email: 'eve' }, { ...who, name: ' ' }, { ...who, name: 'x\u0000' }, {}]) {
      const refused = await visitor.shop('sign-up', wrong);
      expect([refused.status, refused.headers.get('content-type')]).toEqual([
        400,
        'application/problem+json; charset=utf-8',
      ]);
    }
    expect((await visitor.session()).visitor).toBeNull();
  });

  test('has shoppers in its shop', async () => {
    const people = await until(
      async () => {
        const overview = await demo.read<{ events: { total: number } }>('/v1/overview?minutes=600');
        return overview.events.total > 15 && overview;
      },
      { what: 'what shoppers do' },
    );
    expect(people.events.total).toBeGreaterThan(15);
    const { mails } = await demo.read<{ mails: { to: string[] }[] }>('/v1/inbox?limit=200');
    expect(mails.flatMap(({ to }) => to).filter((to) => !to.endsWith('@example.com'))).toEqual([]);
  });

  test('stops in order', async () => {
    expect(await demo.stop()).toBe(0);
  });
});
