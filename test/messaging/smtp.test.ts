/** Whether a message was handed over, told by servers that break off at every point of a session. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { smtpProvider, type EmailProvider, type OutgoingEmail } from '../../src/messaging';
import { smtpPeer } from '../support';

const mail: OutgoingEmail = {
  messageId: '<one@shop.example>',
  from: { name: 'Shop, "Co"', address: 'hello@shop.example' },
  to: { name: 'Ádá <b>', address: 'ada@example.com' },
  subject: 'Grüße',
  html: '<p>ü</p>',
  text: 'ü',
  headers: { 'List-Unsubscribe': `<https://shop.example/u/${'x'.repeat(300)}>` },
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A line, or `close`, or `silence`; several for the first time, the second …, of which the last stays. */
type Answer = string | readonly string[];

/** Answers the greeting, each command and the message's end as told; commands that it is not told about get 250. */
async function server(
  answers: Partial<Record<'greeting' | 'EHLO' | 'STAR' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'end', Answer>>,
  heard: string[] = [],
): Promise<string> {
  const sockets = new Set<Socket>();
  const times = new Map<string, number>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let inMessage = false;
    const say = (at: keyof typeof answers, otherwise: string) => {
      const nth = times.get(at) ?? 0;
      times.set(at, nth + 1);
      const told = answers[at] ?? otherwise;
      const answer = typeof told === 'string' ? told : told[Math.min(nth, told.length - 1)];
      if (answer === 'close') socket.destroy();
      else if (answer !== 'silence') socket.write(`${answer}\r\n`);
    };
    say('greeting', '220 hello');
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString();
      for (let end = received.indexOf('\r\n'); end >= 0; end = received.indexOf('\r\n')) {
        const line = received.slice(0, end);
        received = received.slice(end + 2);
        heard.push(line);
        if (inMessage && line !== '.') continue;
        const command = inMessage ? 'end' : line.slice(0, 4).toUpperCase();
        inMessage = command === 'DATA';
        if (command === 'QUIT') socket.end('221 bye\r\n');
        else say(command as keyof typeof answers, command === 'DATA' ? '354 go on' : '250 ok');
      }
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

describe('a session', () => {
  test.each([
    ['that is closed at once', { greeting: 'close' }, 'not_sent'],
    ['without a greeting', { greeting: 'silence' }, 'not_sent'],
    ['that greets with a refusal', { greeting: '554 not today' }, 'not_sent'],
    ['that ends at EHLO', { EHLO: 'close' }, 'not_sent'],
    ['that ends at the sender', { MAIL: 'close' }, 'not_sent'],
    ['that refuses the recipient', { RCPT: '550 5.1.1 who?' }, 'refused'],
    ['that puts the recipient off', { RCPT: '450 4.2.1 later' }, 'not_sent'],
    ['that ends at DATA', { DATA: 'close' }, 'not_sent'],
    ['that is silent at DATA', { DATA: 'silence' }, 'not_sent'],
    ['that ends after the message', { end: 'close' }, 'unknown'],
    ['that is silent after the message', { end: 'silence' }, 'unknown'],
    ['that puts the message off', { end: '451 4.3.0 later' }, 'not_sent'],
    ['that leaves instead of taking it', { end: '421 4.3.2 bye' }, 'not_sent'],
    ['that refuses the message', { end: '554 5.7.1 spam' }, 'refused'],
    ['that goes well', {}, 'accepted'],
  ] as const)('%s: %s', async (_, answers, expected) => {
    // A silent server is given up when the time is over, which may not be before the session has come to that point.
    const silent = Object.values<string>(answers).includes('silence');
    const answer = await smtpProvider(await server(answers)).send(mail, silent ? 2_000 : 25_000);
    expect(answer.kind).toBe(expected);
  });
});

describe('a session that carried a message', () => {
  const counted = (heard: string[]) => ({
    sessions: heard.filter((line) => line.startsWith('EHLO')).length,
    messages: heard.filter((line) => line === 'DATA').length,
  });

  test('carries the next one', async () => {
    const heard: string[] = [];
    const provider = smtpProvider(await server({}, heard));
    const answers = [await provider.send(mail, 25_000), await provider.send(mail, 25_000)];
    expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    expect(counted(heard)).toEqual({ sessions: 1, messages: 2 });
    provider.close?.();
  });

  test('carries one at a time', async () => {
    const heard: string[] = [];
    const provider = smtpProvider(await server({}, heard));
    await Promise.all([provider.send(mail, 25_000), provider.send(mail, 25_000)]);
    expect(counted(heard)).toEqual({ sessions: 2, messages: 2 });
    provider.close?.();
  });

  test.each([
    ['is closed meanwhile', { MAIL: ['250 ok', 'close', '250 ok'] }, 'accepted', { sessions: 2, messages: 2 }],
    ['is ended meanwhile', { MAIL: ['250 ok', '421 idle', '250 ok'] }, 'accepted', { sessions: 2, messages: 2 }],
    ['leads nowhere meanwhile', { MAIL: ['250 ok', 'silence', '250 ok'] }, 'accepted', { sessions: 2, messages: 2 }],
    ['puts the next one off', { RCPT: ['250 ok', '450 later'] }, 'not_sent', { sessions: 1, messages: 1 }],
    ['refuses the next one', { end: ['250 ok', '554 spam'] }, 'refused', { sessions: 1, messages: 2 }],
    ['ends after the next one', { end: ['250 ok', 'close'] }, 'unknown', { sessions: 1, messages: 2 }],
  ] as const)('and %s', async (_, answers, expected, counts) => {
    const heard: string[] = [];
    const provider = smtpProvider(await server(answers, heard));
    expect((await provider.send(mail, 25_000)).kind).toBe('accepted');
    expect((await provider.send(mail, 25_000)).kind).toBe(expected);
    expect(counted(heard)).toEqual(counts);
    provider.close?.();
  });

  test.each([
    ['when nothing comes', () => undefined],
    ['when the provider is closed', (provider: EmailProvider) => provider.close?.()],
  ])('is left %s', async (_, then) => {
    const heard: string[] = [];
    const provider = smtpProvider(await server({}, heard));
    await provider.send(mail, 25_000);
    expect(heard).not.toContain('QUIT');
    then(provider);
    await expect.poll(() => heard, { timeout: 30_000 }).toContain('QUIT');
  });
});

describe('a password', () => {
  const offer = { EHLO: '250-hello\r\n250 AUTH PLAIN', STAR: '502 not here', AUTH: '235 welcome' };
  /** 0.0.0.0 leads here as well, and is no name of the loopback. */
  const at = (url: string, host: string, query = '') => `${url.replace('//127.0.0.1', `//ada:s3cret@${host}`)}${query}`;
  const wasTold = (heard: string[]) => heard.some((line) => line.startsWith('AUTH'));

  test.each([
    ['no encryption', offer],
    ['refused 502', { ...offer, EHLO: '502 what?' }],
  ])('does not leave this machine without TLS: %s', async (code, answers) => {
    const heard: string[] = [];
    const answer = await smtpProvider(at(await server(answers, heard), '0.0.0.0')).send(mail, 25_000);
    expect(answer).toMatchObject({ kind: 'not_sent', code });
    expect(wasTold(heard)).toBe(false);
    expect(heard).not.toEqual([]);
  });

  test.each([
    ['on this machine', '127.0.0.1', ''],
    ['where somebody says that it may', '0.0.0.0', '?requireTLS=false'],
  ])('is told without TLS %s', async (_, host, query) => {
    const heard: string[] = [];
    const answer = await smtpProvider(at(await server(offer, heard), host, query)).send(mail, 25_000);
    expect([answer.kind, wasTold(heard)]).toEqual(['accepted', true]);
  });
});

test('names, words and long addresses arrive as they were', async () => {
  const peer = await smtpPeer();
  closing.push(() => peer.close());
  expect(await smtpProvider(peer.url).send(mail, 10_000)).toMatchObject({ kind: 'accepted' });
  const [received] = peer.mails;
  expect(received).toMatchObject({ to: ['ada@example.com'], subject: 'Grüße', messageId: '<one@shop.example>' });
  expect(received?.headers.get('list-unsubscribe')).toBe(mail.headers['List-Unsubscribe']);
  expect(received?.text.trim()).toBe('ü');
  expect(received?.headers.get('from')).toContain('<hello@shop.example>');
});

test.each([
  [{ RCPT: '550 5.1.1 <ada@example.com>: who?' }, 'refused 550 5.1.1'],
  [{ RCPT: '550 no ada@example.com here' }, 'refused 550'],
  [{ end: '451 4.3.0 later' }, 'put off 451 4.3.0'],
  [{ MAIL: 'close' }, 'connection lost'],
] as const)('of %j, what a run may keep is %j', async (answers, code) => {
  expect(await smtpProvider(await server(answers)).send(mail, 25_000)).toMatchObject({ code });
});
