/** A real SMTP server on a loopback port, which keeps what it takes and can be told to be difficult. */
import type { AddressInfo, Socket } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ReceivedMail {
  /** The envelope's recipients. */
  to: string[];
  /** The envelope's sender. */
  from: string;
  subject: string;
  messageId: string;
  /** By lower-case name; of several of one name, the first. */
  headers: Map<string, string>;
  text: string;
  html: string;
  raw: string;
  /** Wall milliseconds. */
  at: number;
}

export interface SmtpPeer {
  /** `smtp://127.0.0.1:port` */
  url: string;
  port: number;
  /** What it took, also where the sender got no answer, in order. */
  mails: ReceivedMail[];
  /** Answers the mail's data with this code (451, 550 …) and keeps nothing, until called with `undefined`. */
  refuse(code: number | undefined, text?: string): void;
  /** Waits so long after the mail's data before it answers. */
  delay(ms: number): void;
  /** Takes the mail, then closes the connection without an answer. */
  drop(on: boolean): void;
  /** Closes the port; `start` opens the same one again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function smtpPeer(): Promise<SmtpPeer> {
  const mails: ReceivedMail[] = [];
  let refusal: { code: number; text: string } | undefined;
  let delayMs = 0;
  let dropping = false;
  const sockets = new Set<Socket>();

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (refusal) throw Object.assign(new Error(refusal.text), { responseCode: refusal.code });
    mails.push(await parseMail(Buffer.concat(chunks), session));
    if (delayMs > 0) await sleep(delayMs);
    if (dropping) for (const socket of sockets) if (socket.remotePort === session.remotePort) socket.destroy();
  }

  const open = async (port: number): Promise<SMTPServer> => {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onData: (stream, session, answer) => {
        take(stream, session).then(
          () => answer(),
          (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
        );
      },
    });
    // Clients that vanish are the tests' own doing.
    server.on('error', () => undefined);
    server.server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return server;
  };

  let server: SMTPServer | undefined = await open(0);
  const { port } = server.server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (!closing) return;
    await new Promise<void>((resolve) => {
      closing.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    refuse: (code, text = 'refused by the test') => (refusal = code === undefined ? undefined : { code, text }),
    delay: (ms) => (delayMs = ms),
    drop: (on) => (dropping = on),
    stop,
    start: async () => {
      server ??= await open(port);
    },
    close: stop,
  };
}

async function parseMail(raw: Buffer, { envelope }: SMTPServerSession): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw);
  const headers = new Map<string, string>();
  for (const { key, value } of mail.headers) if (!headers.has(key)) headers.set(key, value);
  return {
    to: envelope.rcptTo.map(({ address }) => address),
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    headers,
    text: mail.text ?? '',
    html: mail.html ?? '',
    raw: raw.toString('utf8'),
    at: Date.now(),
  };
}
