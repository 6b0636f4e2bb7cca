import { appendFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { beforeEach, describe, expect, test } from 'vitest';
import { freePort, openInbox, type Inbox, type InboxMail } from '../../src/embedded';
import { scratchFolder } from '../support';

let dataDir: string;
beforeEach(async () => {
  dataDir = await scratchFolder();
});

async function open(options: { keep?: number; maxBytes?: number } = {}): Promise<Inbox> {
  return openInbox({ dataDir, port: await freePort(), ...options });
}

async function send(inbox: Inbox, subject: string, to = 'ann@example.com', text = 'Hi'): Promise<void> {
  const transport = createTransport(inbox.url);
  try {
    const html = `<p>${text}</p>`;
    await transport.sendMail({ from: 'Shop <shop@example.com>', to, subject, text, html, headers: { 'X-Run': '7' } });
  } finally {
    transport.close();
  }
}

describe('the inbox', () => {
  test('keeps what is sent to it, newest first, and tells of each', async () => {
    const inbox = await open();
    const told: InboxMail[] = [];
    inbox.onMail((mail) => told.push(mail));
    await send(inbox, 'First');
    await send(inbox, 'Grüße – 10 % für dich', 'bob@example.com');
    expect(inbox.list().map(({ subject }) => subject)).toEqual(['Grüße – 10 % für dich', 'First']);
    expect(inbox.list({ to: 'ANN@example.com' })).toMatchObject([
      { to: ['ann@example.com'], from: 'shop@example.com', text: 'Hi\n', html: expect.stringMatching('<p>Hi</p>') },
    ]);
    expect(inbox.list({ limit: 1 })).toHaveLength(1);
    expect(inbox.get(told[0]?.id ?? 0)?.headers['x-run']).toBe('7');
    expect(told.map(({ subject }) => subject)).toEqual(['First', 'Grüße – 10 % für dich']);
    await inbox.close();
  });

  test('has it all after a restart, but for a line that a crash cut off', async () => {
    const first = await open();
    await send(first, 'Kept');
    await first.close();
    const file = join(dataDir, 'inbox.jsonl');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await appendFile(file, '{"id":2,"subj');
    const second = await open();
    await send(second, 'After');
    expect(second.list().map(({ id, subject }) => [id, subject])).toEqual([
      [2, 'After'],
      [1, 'Kept'],
    ]);
    await second.close();
  });

  test('keeps the last ones only, in its file too', async () => {
    const inbox = await open({ keep: 2 });
    for (const subject of ['1', '2', '3', '4', '5', '6']) await send(inbox, subject);
    expect(inbox.list().map(({ subject }) => subject)).toEqual(['6', '5']);
    await inbox.close();
    const lines = (await readFile(join(dataDir, 'inbox.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.length).toBeLessThanOrEqual(4);
  });

  test('refuses a mail that is too large, and goes on', async () => {
    const inbox = await open({ maxBytes: 10_000 });
    await expect(send(inbox, 'Large', 'ann@example.com', 'x'.repeat(20_000))).rejects.toMatchObject({
      responseCode: 552,
    });
    await send(inbox, 'Small');
    expect(inbox.list().map(({ subject }) => subject)).toEqual(['Small']);
    await inbox.close();
  });

  test('forgets a person’s mails on disk as well', async () => {
    const inbox = await open();
    await send(inbox, 'To Ann');
    await send(inbox, 'To Bob', 'bob@example.com');
    expect(await inbox.forget('ann@example.com')).toBe(1);
    expect(await readFile(join(dataDir, 'inbox.jsonl'), 'utf8')).not.toContain('ann@example.com');
    expect(inbox.list()).toHaveLength(1);
    await inbox.close();
  });
});
