import { describe, expect, test } from 'vitest';
import {
  createSigner,
  defaultLimits,
  judge,
  readConsent,
  readSender,
  type GuardInput,
  type Topic,
} from '../../src/messaging';
import { mailAddress } from '../../src/messaging/address';
import { readFailure } from '../../src/messaging/smtp-answer';
import { withLinks, withoutUnsafeAddresses } from '../../src/messaging/html-links';

const optOut: Topic = { id: 'news', label: 'News', consent: 'opt-out' };
const optIn: Topic = { ...optOut, consent: 'opt-in' };

interface Change {
  run?: Partial<NonNullable<GuardInput['run']>> | null;
  message?: Partial<GuardInput['message']>;
  person?: Partial<NonNullable<GuardInput['person']>> | null;
  history?: Partial<GuardInput['history']>;
}

function input({ run, message, person, history }: Change = {}): GuardInput {
  return {
    now: 1_000_000,
    run: run === null ? undefined : { live: true, holdout: false, mode: 'live', ...run },
    message: { kind: 'marketing', topic: optOut, capped: true, priority: 'normal', paused: false, ...message },
    person: person === null ? undefined : { address: 'ada@example.com', choices: [], ...person },
    history: { marketingInWindow: 0, ...history },
    limits: defaultLimits,
  };
}

const out = [{ topic: '*', state: 'out' as const, number: 5 }];
const transactional = { kind: 'transactional' as const, topic: undefined, capped: false };

describe('the guard', () => {
  test.each<[string, string, Change]>([
    ['lets a message go', 'claim', {}],
    ['knows who was erased', 'erased', { person: null }],
    ['knows a run that is not there under that number', 'superseded', { run: null }],
    ['stops after the goal', 'exited', { run: { live: false, outcome: 'converted' } }],
    ['stops after an operator', 'exited', { run: { live: false, outcome: 'stopped' } }],
    ['stops what was superseded', 'superseded', { run: { live: false, outcome: 'superseded' } }],
    ['never messages the holdout', 'holdout', { run: { holdout: true } }],
    ['needs an address', 'unreachable', { person: { address: undefined } }],
    ['respects a suppressed address', 'suppressed', { person: { suppressed: 'complaint' } }],
    ['respects a no', 'unsubscribed', { person: { choices: out } }],
    ['needs a yes where one is needed', 'no_consent', { message: { topic: optIn } }],
    ['holds a paused journey', 'journey_paused', { run: { mode: 'paused' } }],
    ['holds a paused message', 'message_paused', { message: { paused: true } }],
    ['skips rather than holds what can never go', 'exited', { run: { live: false, mode: 'paused' } }],
    ['sends nothing in shadow', 'shadow', { run: { mode: 'shadow' } }],
    ['caps', 'capped', { history: { marketingInWindow: 3 } }],
    [
      'keeps the last slot for high priority',
      'claim',
      { message: { priority: 'high' }, history: { marketingInWindow: 3 } },
    ],
    ['caps high priority too', 'capped', { message: { priority: 'high' }, history: { marketingInWindow: 4 } }],
    ['lets a message out of the caps', 'claim', { message: { capped: false }, history: { marketingInWindow: 9 } }],
    ['cools down', 'cooldown', { message: { cooldownMs: 1_000 }, history: { lastOfMessageAt: 999_001 } }],
    ['has cooled down', 'claim', { message: { cooldownMs: 1_000 }, history: { lastOfMessageAt: 999_000 } }],
    ['sends transactional mail despite a no', 'claim', { message: transactional, person: { choices: out } }],
    ['sends transactional mail despite caps', 'claim', { message: transactional, history: { marketingInWindow: 9 } }],
    ['stops transactional mail after the end', 'exited', { message: transactional, run: { live: false } }],
    ['stops transactional mail to suppressed', 'suppressed', { message: transactional, person: { suppressed: 'x' } }],
  ])('%s: %s', (_, expected, change) => {
    const verdict = judge(input(change));
    expect('reason' in verdict ? verdict.reason : verdict.verdict).toBe(expected);
  });
});

describe('consent', () => {
  const every = (state: 'in' | 'out', number: number) => ({ topic: '*', state, number });
  const own = (state: 'in' | 'out', number: number) => ({ topic: 'news', state, number });
  test.each([
    ['nothing said, opt-out', optOut, [], 'granted'],
    ['nothing said, opt-in', optIn, [], 'no_consent'],
    ['no topic, nothing said', undefined, [], 'granted'],
    ['yes to an opt-in topic', optIn, [own('in', 1)], 'granted'],
    ['yes to everything is no yes to an opt-in topic', optIn, [every('in', 1)], 'no_consent'],
    ['no to the topic', optOut, [own('out', 1)], 'unsubscribed'],
    ['no to the topic, later yes to everything', optOut, [own('out', 1), every('in', 2)], 'unsubscribed'],
    ['no to everything', optOut, [every('out', 1)], 'unsubscribed'],
    ['no to everything, later yes to the topic', optOut, [every('out', 1), own('in', 2)], 'granted'],
    ['yes to the topic, later no to everything', optOut, [own('in', 1), every('out', 2)], 'unsubscribed'],
    ['no to everything, no topic', undefined, [every('out', 1)], 'unsubscribed'],
    ['no to another topic', optOut, [{ topic: 'offers', state: 'out', number: 1 }], 'granted'],
  ] as const)('%s', (_, topic, choices, expected) => {
    expect(readConsent(topic, [...choices])).toBe(expected);
  });
});

describe('a failed SMTP session', () => {
  const failure = (command: string, response?: string, code = 'X') => ({
    message: `${command} ${response ?? ''}`,
    command,
    code,
    response,
    responseCode: response === undefined ? undefined : Number(response.slice(0, 3)),
  });
  test.each([
    ['connection refused', failure('CONN', undefined, 'ESOCKET'), false, 'not_sent'],
    ['no name', failure('CONN', undefined, 'EDNS'), false, 'not_sent'],
    ['no greeting', failure('CONN', undefined, 'ETIMEDOUT'), false, 'not_sent'],
    ['greeted with a refusal', failure('CONN', '554 no service', 'EPROTOCOL'), false, 'not_sent'],
    ['no TLS', failure('STARTTLS', '454 not now', 'ETLS'), false, 'not_sent'],
    ['wrong password', failure('AUTH PLAIN', '535 5.7.8 bad', 'EAUTH'), false, 'not_sent'],
    ['a password is wanted', failure('MAIL FROM', '530 5.7.0 log in', 'EENVELOPE'), false, 'not_sent'],
    ['sender refused', failure('MAIL FROM', '550 5.1.8 bad sender', 'EENVELOPE'), false, 'refused'],
    ['greylisted', failure('RCPT TO', '450 4.2.0 later', 'EENVELOPE'), false, 'not_sent'],
    ['mailbox full', failure('RCPT TO', '552 5.2.2 full', 'EENVELOPE'), false, 'refused'],
    ['no such user', failure('RCPT TO', '550 5.1.1 who?', 'EENVELOPE'), false, 'refused, no mailbox'],
    ['no mail there', failure('RCPT TO', '556 5.1.10 null MX', 'EENVELOPE'), false, 'refused, no mailbox'],
    ['DATA refused', failure('DATA', '554 no', 'EENVELOPE'), false, 'refused'],
    ['message refused', failure('DATA', '554 5.7.1 spam', 'EMESSAGE'), true, 'refused'],
    ['message put off', failure('DATA', '451 later', 'EMESSAGE'), true, 'not_sent'],
    ['server leaves, saying so', failure('DATA', '421 bye', 'EMESSAGE'), true, 'not_sent'],
    ['too large', failure('MAIL FROM', undefined, 'EMESSAGE'), false, 'refused'],
    ['address can not be written', failure('API', undefined, 'EENVELOPE'), false, 'refused'],
    ['closed before the message', failure('CONN', undefined, 'ECONNECTION'), false, 'not_sent'],
    ['closed after the message', failure('CONN', undefined, 'ECONNECTION'), true, 'unknown'],
    ['reset after the message', failure('CONN', undefined, 'ESOCKET'), true, 'unknown'],
    ['silent after the message', failure('CONN', undefined, 'ETIMEDOUT'), true, 'unknown'],
    ['half an answer after the message', failure('CONN', '451', 'ECONNECTION'), true, 'unknown'],
  ] as const)('%s', (_, given, handingOver, expected) => {
    const answer = readFailure(given, handingOver);
    expect(answer.kind + (answer.kind === 'refused' && answer.noSuchMailbox ? ', no mailbox' : '')).toBe(expected);
  });
});

describe('tokens', () => {
  const signer = createSigner('one key');
  test('are read by who made them, and for nothing else', () => {
    const click = signer.click({ sendId: 'snd_1', position: 2 });
    expect(signer.readClick(click)).toEqual({ sendId: 'snd_1', position: 2 });
    expect(signer.readUnsubscribe(click)).toBeUndefined();
    expect(signer.readOpen(click)).toBeUndefined();
    expect(createSigner('another').readClick(click)).toBeUndefined();
    const [payload = '', mac = ''] = click.split('.');
    const other = Buffer.from(JSON.stringify(['snd_2', 2])).toString('base64url');
    for (const bad of [
      `${other}.${mac}`,
      payload,
      `${payload}.`,
      `${payload}.${mac}x`,
      `.${mac}`,
      '',
      'a.b.c',
      'é.ü',
    ]) {
      expect(signer.readClick(bad)).toBeUndefined();
    }
  });
  test('name a step for ever, and an address however it is written', () => {
    expect(signer.sendId('a/b/1/send x')).toBe(signer.sendId('a/b/1/send x'));
    expect(signer.sendId('a/b/1/send x')).not.toBe(signer.sendId('a/b/2/send x'));
    expect(signer.addressHash(' Ada@Example.COM ')).toBe(signer.addressHash('ada@example.com'));
    expect(signer.addressHash('ada@example.com')).not.toContain('ada');
  });
});

test.each([
  ['ada@example.com', 'ada@example.com'],
  [' ada+tag@mail.example.com ', 'ada+tag@mail.example.com'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@localhost', 'ada@localhost'],
  ['ada', undefined],
  ['ada@', undefined],
  ['a@b@c.example', undefined],
  ['a@example.com, b@example.com', undefined],
  ['a@example.com\r\nBcc: b@example.com', undefined],
  ['Ada <ada@example.com>', undefined],
  ['"a b"@example.com', undefined],
  ['.a@example.com', undefined],
  ['a@-example.com', undefined],
  [42, undefined],
])('mail can go to %j: %j', (given, expected) => {
  expect(mailAddress(given)).toBe(expected);
});

test('a sender is a name and an address, or the start is refused', () => {
  expect(readSender('Shop & Co <hello@shop.example>')).toEqual({ name: 'Shop & Co', address: 'hello@shop.example' });
  expect(readSender('hello@shop.example')).toEqual({ address: 'hello@shop.example' });
  expect(() => readSender('Shop')).toThrow(/SOJOURN_FROM.*Shop <hello@shop.example>/);
});

test('only addresses of the web, mail and phones stay in a message', () => {
  const links = [
    'https://a.example',
    'mailto:a@b.example',
    'javascript:alert(1)',
    ' java&#9;script:x',
    'data:text/html,x',
    '//evil.example',
  ];
  const html = withoutUnsafeAddresses(links.map((link) => `<a href="${link}">x</a>`).join(''));
  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
    links[0],
    links[1],
    '#',
    '#',
    '#',
    '#',
  ]);
});

test('links are led elsewhere whole, with their entities', () => {
  const seen: string[] = [];
  const html = withLinks(
    '<a class="x" href="https://a.example/?a=1&amp;b=&quot;2">x</a><img src="https://a.example/i">',
    (url) => {
      seen.push(url);
      return 'https://t.example/?a&b';
    },
  );
  expect(seen).toEqual(['https://a.example/?a=1&b="2']);
  expect(html).toBe('<a class="x" href="https://t.example/?a&amp;b">x</a><img src="https://a.example/i">');
});
