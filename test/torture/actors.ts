/** People who live random lives, each in steps of their own: most of it is theirs, some of it is done to them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { secretKey } from '../e2e/processes';
import type { Requested, Who } from './acknowledged';
import { meddle } from './meddling';
import { post, get, report } from './report';
import type { Seeded } from '../support/seeded';
import type { World } from './world';

/** One person, who is nobody known at first now and then. */
export class Actor {
  private nth = 0;
  private seen = 0;
  private readonly orders: string[] = [];
  private anonymousId: string;
  private isKnown = false;
  /** On this device nobody has said yet who it is. */
  private isNewDevice = false;

  constructor(
    private readonly world: World,
    readonly userId: string,
    private readonly random: Seeded,
  ) {
    this.anonymousId = `anon-${userId}`;
  }

  /** Lives on until `until` says so. */
  async live(until: () => boolean, steps: number): Promise<void> {
    if (this.random.chance(0.6)) await this.identify();
    for (let step = 0; step < steps && !until(); step++) {
      await this.act();
      await sleep(this.random.between(20, 1_200));
    }
  }

  /** Both ids, or one of them. */
  private who(): Who {
    const { anonymousId, userId, random } = this;
    if (!this.isKnown) return { anonymousId };
    if (!this.isNewDevice && random.chance(0.06)) {
      this.anonymousId = `anon-${userId}-${this.nth}`;
      this.isNewDevice = true;
    }
    const roll = random.next() * (this.isNewDevice ? 0.5 : 1);
    if (roll >= 0.2) return { userId };
    if (roll >= 0.1) return { anonymousId: this.anonymousId };
    this.isNewDevice = false;
    return { userId, anonymousId: this.anonymousId };
  }

  private act(): Promise<unknown> {
    const { random } = this;
    if (this.isKnown && random.chance(0.15)) return this.closeCall();
    const roll = random.next();
    if (!this.isKnown && roll < 0.15) return this.identify();
    if (roll < 0.2) return this.track('add_to_cart', { value: 80 });
    if (roll < 0.29) return this.track('sign_up');
    if (roll < 0.45) return this.trackItems();
    if (roll < 0.53) return this.purchase();
    if (roll < 0.56) return this.refund();
    if (roll < 0.6) return this.track('login');
    if (roll < 0.63) return this.track('logout');
    if (roll < 0.71) return this.track('browse');
    if (roll < 0.76) return this.ask();
    if (roll < 0.8) return this.click();
    if (roll < 0.82) return this.unsubscribe();
    if (roll < 0.86) return this.stopRun();
    return this.isKnown ? meddle(this.world, random, this.userId, `${this.userId}-m${this.nth++}`) : this.identify();
  }

  private track(name: string, properties: Record<string, unknown> = {}) {
    const messageId = `${this.userId}-${this.nth}`;
    const fields = { messageId, who: this.who(), type: 'track' as const, name, properties };
    return report(this.world, this.random, fields, this.nth++);
  }

  /** Some in a row, as quickly as they are acknowledged. */
  private async trackItems(): Promise<void> {
    const many = 1 + this.random.below(4);
    for (let n = 0; n < many; n++) await this.track('view_item', { n: this.seen++ });
  }

  private purchase() {
    const order = `o${this.nth}`;
    this.orders.push(order);
    return this.track('purchase', { value: 80, transaction_id: order });
  }

  private async refund(): Promise<void> {
    if (this.orders.length > 0) await this.track('refund', { transaction_id: this.random.pick(this.orders) });
  }

  /** Ends a run at about the moment when it sends. */
  private async closeCall(): Promise<void> {
    const { random } = this;
    const starts = random.pick(['cart', 'order'] as const);
    if (starts === 'cart') await this.track('add_to_cart', { value: 80 });
    else await this.purchase();
    await sleep(random.between(1_900, 2_600));
    if (starts === 'cart') await this.track('logout');
    else await this.refund();
  }

  /** From here on the anonymous id and the user id are one person. */
  private async identify(): Promise<void> {
    const { userId, anonymousId, random, nth } = this;
    const messageId = `${userId}-${this.nth++}`;
    const who = this.nth === 1 || random.chance(0.2) ? { userId } : { userId, anonymousId };
    const fields = { messageId, who, type: 'identify' as const, name: 'identify' };
    await report(this.world, random, { ...fields, properties: { email: `${userId}@example.com` } }, nth);
    this.isKnown = true;
    if (random.chance(0.1)) {
      const alias = { messageId: `${userId}-${this.nth++}`, who: { userId }, type: 'alias' as const, name: 'alias' };
      await report(this.world, random, { ...alias, properties: { previousId: anonymousId } }, this.nth);
    }
  }

  private async ask(): Promise<void> {
    const { world, random } = this;
    const [messageId, who] = [`${this.userId}-r${this.nth++}`, this.who()];
    const journey = random.pick(['asked', 'reminder']);
    const requested: Requested = { messageId, journey, who, sentAt: Date.now() };
    world.known.requested.push(requested);
    const body = { ...who, messageId, cartValue: 80 };
    const answer = await post(`${random.pick(world.apis)}/api/trigger/${journey}`, body);
    if (answer.status !== 200 && answer.status !== 202) return;
    requested.ackedAt = Date.now();
    requested.run = answer.body.run as string | undefined;
  }

  private mails() {
    return this.world.peer.handovers.filter(({ taken, to }) => taken && to === `${this.userId}@example.com`);
  }

  private async click(): Promise<void> {
    const urls = this.mails().flatMap(({ clickUrls }) => clickUrls);
    if (urls.length === 0) return;
    const { pathname } = new URL(this.random.pick(urls));
    await fetch(this.random.pick(this.world.apis) + pathname, {
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
  }

  /** By the button of the mail program (RFC 8058). */
  private async unsubscribe(): Promise<void> {
    const urls = this.mails().flatMap(({ unsubscribeUrl }) => unsubscribeUrl ?? []);
    if (urls.length === 0) return;
    const { pathname } = new URL(this.random.pick(urls));
    const answer = await fetch(this.random.pick(this.world.apis) + pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
      signal: AbortSignal.timeout(12_000),
    }).catch(() => undefined);
    if (answer?.status !== 200) return;
    const ackedAt = Date.now();
    const [payload = ''] = pathname.split('/').at(-1)!.split('.');
    const [personId, topic] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, string];
    this.world.known.unsubscribed.push({ personId, topic, ackedAt });
  }

  private async stopRun(): Promise<void> {
    const { world, random } = this;
    const person = this.isKnown ? this.userId : `anonymous:${this.anonymousId}`;
    const answer = await get(`${random.pick(world.apis)}/v1/runs?person=${person}&state=live`);
    const runs = (answer?.runs ?? []) as { id: string }[];
    if (runs.length === 0) return;
    const { id } = random.pick(runs);
    const stopped = await post(`${random.pick(world.apis)}/v1/runs/${id}/exit`, { reason: 'by hand' }, secretKey);
    if (stopped.status === 200) world.known.stopped.push({ run: id, ackedAt: Date.now() });
  }
}
