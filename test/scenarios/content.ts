/** What the journeys of the shared scenarios send and ask. */
import { z } from 'zod';
import { check } from '../../src/behaviour';
import { message } from '../../src/messaging';
import type { Content } from '../../src/runtime/simulated';

const email = { subject: 'Hello', template: 'email.mjml' };
const marketing = { kind: 'marketing', email } as const;

const isThere = (name: string) => Reflect.get(globalThis, name) !== undefined;

export const content: Content = {
  topics: [
    { id: 'tips', label: 'Tips', consent: 'opt-out' },
    { id: 'news', label: 'News', consent: 'opt-in' },
  ],
  messages: {
    hello: message({
      ...marketing,
      topic: 'tips',
      props: z.object({ name: z.string().optional() }),
      example: { props: {} },
    }),
    offer: message({
      ...marketing,
      props: z.object({ percent: z.number().min(1) }),
      example: { props: { percent: 5 } },
    }),
    newsletter: message({
      ...marketing,
      topic: 'news',
      props: z.object({ edition: z.number().optional() }),
      example: { props: {} },
    }),
    nudge: message({
      ...marketing,
      cooldownMs: 24 * 3_600_000,
      props: z.object({ nth: z.number().optional() }),
      example: { props: {} },
    }),
    receipt: message({
      kind: 'transactional',
      email,
      props: z.object({ total: z.number().optional() }),
      example: { props: {} },
    }),
  },
  checks: {
    'is-vip': check((ask) => ask.person.traits['plan'] === 'vip'),
    visits: check(async (ask, { path }: { path?: string }) => {
      const visits = await ask.events(['visited']);
      return { count: visits.filter((visit) => path === undefined || visit.properties['path'] === path).length };
    }),
    // Answers that are no JSON, and one that PostgreSQL would not keep.
    nothing: check(() => undefined),
    'a-function': check(() => () => 'called'),
    oddities: check(() => ({
      ...{ date: new Date(0), number: NaN, nothing: undefined, list: [undefined, () => 1], map: new Map([[1, 2]]) },
    })),
    'the-size': check(() => ({ bytes: 2n ** 64n })),
    'node-has': check((_, { names }: { names: string[] }) => names.every((name) => isThere(name))),
    echo: check((_, { text }: { text: string }) => `${text}, and more of it`),
  },
};
