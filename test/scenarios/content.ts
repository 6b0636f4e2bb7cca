/** What the journeys of the shared scenarios send and ask. */
import { z } from 'zod';
import { check } from '../../src/behaviour';
import { message } from '../../src/messaging';
import type { Content } from '../../src/runtime/simulated';

const email = { subject: 'Hello', template: 'email.mjml' };
const marketing = { kind: 'marketing', email } as const;

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
  },
};
