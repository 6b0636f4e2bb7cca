/** Some people's lives, told to a stack over HTTP as a shop would, so that each page has something of each kind to show. */
import { until, type SmtpPeer } from '../support';
import type { StackProcess } from '../demo/demo-process';

/** The stack's clock is that much faster: a reminder goes after some seconds, a live run lasts for minutes. */
export const timeScale = '300';

export const script = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>';

export interface Life {
  /** Ids of messages. */
  sent: string;
  notSent: string;
  uncertain: string;
}

type Call = Record<string, unknown> & { type: string };

export interface Shop {
  tell(...calls: Call[]): Promise<void>;
  /** Of the person's reminder, once it is in that state. */
  reminder(person: string, state: string): Promise<string>;
}

const items = (item_name = 'Halden desk', price = 489) => [{ item_id: 'oak-desk', item_name, price, quantity: 1 }];
export const identify = (userId: string, traits: object = {}): Call => ({
  type: 'identify',
  userId,
  traits: { name: userId, email: `${userId}@example.com`, ...traits },
});
export const track = (userId: string, event: string, properties: object = {}): Call => ({
  type: 'track',
  ...{ userId, event, properties },
});
export const fillCart = (userId: string, item?: string): Call =>
  track(userId, 'add_to_cart', { currency: 'EUR', value: 489, items: items(item) });

export function shopOf(stack: StackProcess): Shop {
  return {
    async tell(...batch) {
      const { writeKey } = await stack.secrets();
      const response = await fetch(`${stack.url}/v1/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
        body: JSON.stringify({ batch }),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    async reminder(person, state) {
      const [message] = await until(
        async () => {
          const path = `/v1/messages?journey=cart-abandonment&person=${person}&state=${state}`;
          const { messages } = await stack.read<{ messages: { id: string }[] }>(path);
          return messages.length > 0 && messages;
        },
        { everyMs: 200, what: `the reminder for ${person} to be ${state}` },
      );
      return message!.id;
    },
  };
}

const crowd = Array.from({ length: 45 }, (_, n) => identify(`visitor-${n + 1}`, { name: `Visitor ${n + 1}` }));
const longId = `${'a-user-id-without-any-place-to-break-it-'.repeat(3)}end`;

/** Takes some seconds for each thing that a mail server does: refuse, vanish, and take. */
export async function liveThrough(stack: StackProcess, mail: SmtpPeer): Promise<Life> {
  const shop = shopOf(stack);
  await shop.tell(...crowd);

  mail.refuse(550, 'no such mailbox');
  await shop.tell(identify('rita', { name: 'Rita Refused' }), fillCart('rita'));
  await shop.reminder('rita', 'failed');
  mail.refuse(undefined);

  mail.drop(true);
  await shop.tell(identify('uma', { name: 'Uma Uncertain' }), fillCart('uma'));
  await shop.tell(identify('ugo', { name: 'Ugo Uncertain' }), fillCart('ugo'));
  const [uncertain] = await Promise.all([shop.reminder('uma', 'uncertain'), shop.reminder('ugo', 'uncertain')]);
  mail.drop(false);

  await shop.tell(
    identify('ada', { name: 'Ada Lovelace', company: 'Analytical Engines', plan: 'team', timezone: 'Europe/London' }),
    track('ada', 'sign_up', { method: 'e-mail' }),
    { type: 'page', userId: 'ada', name: 'Desks' },
    track('ada', 'view_item', { items: items() }),
    fillCart('ada'),
    identify('grace', { name: 'Grace Hopper' }),
    fillCart('grace'),
    track('grace', 'purchase', { currency: 'EUR', value: 489, transaction_id: 't-1', items: items() }),
    identify('alan', { name: 'Alan Turing' }),
    fillCart('alan'),
    track('alan', 'logout'),
    { type: 'identify', userId: 'nadia', traits: { name: 'Nadia Nomail' } },
    fillCart('nadia'),
    track('cora', 'add_to_cart', { currency: 'EUR', value: 12, items: items('Coaster', 12) }),
    identify(longId, { name: 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley the Second' }),
    identify('eve', { name: script }),
    fillCart('eve', script),
    { type: 'track', anonymousId: 'browser-7f3a', event: 'view_item', properties: { items: items() } },
    // One that the tracking plan does not know, and one that does not fit it.
    track('ada', 'telescope_pointed'),
    track('ada', 'purchase', { value: 'much' }),
  );
  const sent = await shop.reminder('ada', 'sent');
  const reminder = await until(() =>
    mail.mails.find(({ to, subject }) => to[0] === 'ada@example.com' && /cart/.test(subject)),
  );
  const click = /href="([^"]+\/t\/[^"]+)"/.exec(reminder.html)?.[1];
  if (click === undefined) throw new Error('The reminder has no link.');
  await fetch(click, { redirect: 'manual' });
  const [notSent] = await Promise.all([shop.reminder('nadia', 'skipped'), shop.reminder('eve', 'sent')]);
  return { sent, notSent, uncertain };
}
