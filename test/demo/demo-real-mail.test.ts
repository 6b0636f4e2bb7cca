/** `sojourn demo` with settings that name real parts: a mail server is used with care, a store is refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smtpPeer, type SmtpPeer } from '../support';
import { startDemo, type DemoProcess } from './demo-process';

const startMs = 300_000;

describe('with a mail server of one’s own', () => {
  let mail: SmtpPeer;
  let demo: DemoProcess;
  beforeAll(async () => {
    mail = await smtpPeer();
    demo = await startDemo([], { SMTP_URL: mail.url, SOJOURN_FROM: 'Shop <shop@fjord.shop>' });
  }, startMs);
  afterAll(async () => {
    await demo?.stop();
    await mail?.close();
  });

  test('nobody is simulated, and nobody signs up with an address of an example or from elsewhere', async () => {
    expect(demo.output()).toContain('Shoppers: none, since SMTP_URL names a real mail server');
    const visitor = demo.visitor();
    expect(await visitor.session()).toMatchObject({ realMail: true, suggestion: null });
    expect(await visitor.progress()).toMatchObject({ shoppers: false });
    const refused = await visitor.shop('sign-up', { name: 'Ada', email: 'ada@example.com', anonymousId: 'browser-1' });
    expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ path: 'email' })]);
    const elsewhere = await visitor.shop(
      'sign-up',
      { name: 'Ada', email: 'ada@fjord.shop', anonymousId: 'browser-1' },
      { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' },
    );
    expect(elsewhere.status).toBe(403);
    expect((await demo.read<{ people: unknown[] }>('/v1/people')).people).toEqual([]);
    expect(mail.mails).toEqual([]);
  });
});

test('is refused where real parts are named', async () => {
  await expect(startDemo([], { DATABASE_URL: 'postgres://somewhere/else' })).rejects.toThrow('DATABASE_URL: the demo');
});
