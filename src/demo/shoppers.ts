/**
 * Simulated shoppers: a few people at a time walk through the shop, about one event a second in all, so that the
 * overview has something to show. They speak to the API as a shop's server does, and pause when it does not answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { commerce } from './shop/products';
import { planVisit, seeded, shopperCount, shopperNumber, type Act, type Shopper } from './shopper-plan';
import { ApiRefused, type Mail, type SojournApi } from './sojourn-api';

export interface ShopperOptions {
  api: SojournApi;
  publicUrl: string;
  seed: number;
  onError(error: unknown): void;
  /** Between the beginnings of two visits, of the wall's clock. */
  everyMs?: number;
}

/** Those who wait for a mail count too. */
const mostAtOnce = 40;
const longestPauseMs = 60_000;

export function startShoppers({ api, publicUrl, seed, onError, everyMs = 8_000 }: ShopperOptions): {
  stop(): Promise<void>;
} {
  const random = seeded(seed);
  const stopping = new AbortController();
  const { signal } = stopping;
  const visits = new Map<string, Promise<void>>();
  let pauseMs = 0;

  async function visit(shopper: Shopper): Promise<void> {
    try {
      const isNew = !(await api.isKnown(shopper.userId));
      for (const { afterMs, act } of planVisit(random, { isNew })) {
        await sleep(afterMs, undefined, { signal });
        await perform(api, publicUrl, shopper, act);
      }
      pauseMs = 0;
    } catch (error) {
      if (signal.aborted) return;
      // Everybody who is in the shop finds the API away at once: that is one failure.
      if (pauseMs < everyMs) onError(error);
      pauseMs = Math.min(longestPauseMs, Math.max(1_000, 2 * pauseMs));
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const shopper = shopperNumber(Math.floor(random() * shopperCount));
      if (visits.size < mostAtOnce && !visits.has(shopper.userId)) {
        visits.set(
          shopper.userId,
          visit(shopper).finally(() => visits.delete(shopper.userId)),
        );
      }
      await sleep(pauseMs + everyMs * (0.6 + 0.8 * random()), undefined, { signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
      await Promise.all(visits.values());
    },
  };
}

async function perform(api: SojournApi, publicUrl: string, shopper: Shopper, act: Act): Promise<void> {
  const { userId, name, email } = shopper;
  const track = (event: string, properties: Record<string, unknown> = {}) =>
    api.report('track', { userId, event, properties });
  switch (act.do) {
    case 'sign_up':
      await api.report('identify', { userId, traits: { name, first_name: name.split(' ')[0], email } });
      return track('sign_up', { method: 'e-mail' });
    case 'login':
    case 'logout':
      return track(act.do);
    case 'page':
      return api.report('page', { userId, name: act.name, properties: { path: act.path, url: publicUrl + act.path } });
    case 'view_item':
      return track('view_item', commerce([{ product: act.product, quantity: 1 }], publicUrl));
    case 'add_to_cart':
    case 'remove_from_cart':
      return track(act.do, commerce([act.line], publicUrl));
    case 'view_cart':
    case 'begin_checkout':
      return track(act.do, commerce(act.lines, publicUrl));
    case 'purchase':
      return track('purchase', { ...commerce(act.lines, publicUrl), transaction_id: crypto.randomUUID() });
    case 'onboarding_step_completed':
      return track('onboarding_step_completed', { step: act.step, of: act.of });
    case 'click_mail':
      return follow(clickLink(await newestMail(api, email)));
    case 'unsubscribe':
      return unsubscribe(await newestMail(api, email));
  }
}

async function newestMail(api: SojournApi, email: string): Promise<Mail | undefined> {
  return (await api.mails(email, 1))[0];
}

/** The first tracked link of a mail. */
export function clickLink(mail: Pick<Mail, 'html'> | undefined): string | undefined {
  return mail?.html.match(/href="(https?:\/\/[^"]*\/t\/[^"]+)"/)?.[1];
}

/** Where RFC 8058 has a mail program post to. */
export function unsubscribeLink(mail: Pick<Mail, 'headers'> | undefined): string | undefined {
  return mail?.headers['list-unsubscribe']?.match(/<(https?:[^>]+)>/)?.[1];
}

/** As a mail program does when its own button is pressed (RFC 8058). */
export function unsubscribe(mail: Pick<Mail, 'headers'> | undefined): Promise<void> {
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  return follow(unsubscribeLink(mail), { method: 'POST', body });
}

async function follow(
  address: string | undefined,
  how: { method?: 'POST'; body?: URLSearchParams } = {},
): Promise<void> {
  if (address === undefined) return;
  const response = await fetch(address, { ...how, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
  await response.body?.cancel();
  if (response.status >= 400)
    throw new ApiRefused(response.status, `A link of a mail was answered with ${response.status}`);
}
