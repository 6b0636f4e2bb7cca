/**
 * The built-in inbox: an SMTP server on a loopback port that keeps what is sent to it, for development and demos.
 * A mail is acknowledged once it is on disk.
 */
import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { PartError } from './errors';
import { MailStore, type InboxMail } from './mail-store';
import { freePort } from './port';

export interface Inbox {
  /** `smtp://127.0.0.1:port` */
  url: string;
  /** Newest first. `to` is one recipient's address. */
  list(filter?: { to?: string; limit?: number }): InboxMail[];
  get(id: number): InboxMail | undefined;
  /** Calls back on each new mail; returns what ends that. */
  onMail(listener: (mail: InboxMail) => void): () => void;
  /** Removes all mails to this address, on disk too; returns how many there were. */
  forget(address: string): Promise<number>;
  close(): Promise<void>;
}

export interface InboxOptions {
  dataDir: string;
  port?: number;
  /** How many mails are kept. */
  keep?: number;
  /** Larger mails are refused. */
  maxBytes?: number;
}

const usualPort = 2525;

export async function openInbox(options: InboxOptions): Promise<Inbox> {
  const { dataDir, keep = 1_000, maxBytes = 2_000_000 } = options;
  await mkdir(dataDir, { recursive: true });
  const store = await MailStore.open(join(dataDir, 'inbox.jsonl'), keep);
  const arrivals = new EventEmitter<{ mail: [InboxMail] }>();
  const server = new SMTPServer({
    authOptional: true,
    // Loopback only: there is no certificate that a client could check.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: maxBytes,
    closeTimeout: 2_000,
    onData: (stream, session, answer) => {
      receive(stream, session).then(
        () => answer(),
        (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    // What comes after the limit is read and thrown away: the answer can only be given after it.
    for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
    if (stream.sizeExceeded) {
      throw Object.assign(new Error(`The inbox takes mails of up to ${maxBytes} bytes`), { responseCode: 552 });
    }
    arrivals.emit('mail', await store.add(await parseMail(Buffer.concat(chunks), session)));
  }

  const port = await listen(server, options.port ?? (await freePort([usualPort])));
  return {
    url: `smtp://127.0.0.1:${port}`,
    list: ({ to, limit = 100 } = {}) =>
      store
        .all()
        .filter((mail) => to === undefined || isTo(mail, to))
        .slice(-limit)
        .reverse(),
    get: (id) => store.all().find((mail) => mail.id === id),
    onMail: (listener) => {
      arrivals.on('mail', listener);
      return () => arrivals.off('mail', listener);
    },
    forget: (address) => store.remove((mail) => isTo(mail, address)),
    close: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await store.settled();
    },
  };
}

function isTo(mail: InboxMail, address: string): boolean {
  return mail.to.some((each) => each.toLowerCase() === address.toLowerCase());
}

function listen(server: SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', () =>
      reject(
        new PartError('inbox', `port ${port} on 127.0.0.1 is taken by another program`, 'Stop it, or set SMTP_URL.'),
      ),
    );
    server.listen(port, '127.0.0.1', () => {
      // A client that vanishes in mid-mail is the client's affair.
      server.on('error', () => undefined);
      resolve((server.server.address() as AddressInfo).port);
    });
  });
}

async function parseMail(raw: Buffer, { envelope }: SMTPServerSession): Promise<Omit<InboxMail, 'id'>> {
  const mail = await PostalMime.parse(raw);
  const headers: Record<string, string> = {};
  for (const { key, value } of mail.headers) headers[key] ??= value;
  return {
    at: Date.now(),
    to: envelope.rcptTo.map(({ address }) => address),
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    headers,
    text: mail.text ?? '',
    html: mail.html ?? '',
  };
}
