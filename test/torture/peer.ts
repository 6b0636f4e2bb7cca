/**
 * An SMTP server that keeps a record of every message handed to it, and misbehaves at random while it is told to: refuses
 * for now and for good, vanishes in the middle of the data or after its final dot, and takes its time.
 */
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Seeded } from '../support/seeded';

/** One message handed over, or begun to be. Times are wall milliseconds. */
export interface Handover {
  /** With its angle brackets. */
  messageId: string;
  to: string;
  from: number;
  until: number;
  /** Whether the final dot came, and the peer kept the message. */
  taken: boolean;
  answer: 'accepted' | 'refused' | 'cut' | 'dropped';
  unsubscribeUrl?: string;
  /** The tracked links of the message. */
  clickUrls: string[];
}

export interface Peer {
  url: string;
  handovers: Handover[];
  /** Whether it misbehaves. */
  difficult: boolean;
  close(): Promise<void>;
}

type Behaviour = 'take' | 'slow' | 'later' | 'never' | 'no mailbox' | 'cut' | 'drop' | 'slow drop';

export async function openPeer(random: Seeded): Promise<Peer> {
  const sockets = new Set<Socket>();
  const handovers: Handover[] = [];

  const behaviour = (): Behaviour => {
    if (!peer.difficult) return 'take';
    const roll = random.next();
    if (roll < 0.5) return 'take';
    if (roll < 0.7) return 'slow';
    if (roll < 0.8) return 'later';
    if (roll < 0.83) return 'never';
    if (roll < 0.84) return 'no mailbox';
    if (roll < 0.89) return 'cut';
    return roll < 0.96 ? 'drop' : 'slow drop';
  };

  const hangUp = (session: SMTPServerSession) => {
    for (const socket of sockets) if (socket.remotePort === session.remotePort) socket.destroy();
  };

  async function handOver(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const doing = behaviour();
    const from = Date.now();
    const chunks: Buffer[] = [];
    const record = (answer: Handover['answer'], taken: boolean) => {
      const handover = read(Buffer.concat(chunks).toString('utf8'));
      const to = session.envelope.rcptTo[0]?.address ?? '';
      handovers.push({ ...handover, to, from, until: Date.now(), taken, answer });
      return handovers.at(-1)!;
    };
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      if (doing !== 'cut') continue;
      record('cut', false);
      return hangUp(session);
    }
    if (doing === 'later' || doing === 'never' || doing === 'no mailbox') {
      record('refused', false);
      const [responseCode, words] =
        doing === 'later' ? [451, 'try later'] : doing === 'never' ? [554, 'no'] : [550, '5.1.1 no such mailbox'];
      throw Object.assign(new Error(words), { responseCode });
    }
    // From the final dot on the message is the peer's, whatever becomes of the answer.
    const vanishes = doing === 'drop' || doing === 'slow drop';
    const handover = record(vanishes ? 'dropped' : 'accepted', true);
    if (doing === 'slow' || doing === 'slow drop') await sleep(random.between(200, 2_500));
    handover.until = Date.now();
    if (vanishes) hangUp(session);
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo: (_, __, answer) => {
      const refuses = peer.difficult && random.chance(0.05);
      answer(refuses ? Object.assign(new Error('greylisted'), { responseCode: 450 }) : undefined);
    },
    onData: (stream, session, answer) => {
      handOver(stream, session).then(
        () => answer(),
        (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  // Clients that vanish are the torture's own doing.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const peer: Peer = {
    url: `smtp://127.0.0.1:${port}`,
    handovers,
    difficult: true,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return peer;
}

/** What identifies a message and can be clicked in it; of one that was cut off, what had come. */
function read(raw: string): Pick<Handover, 'messageId' | 'unsubscribeUrl' | 'clickUrls'> {
  const unfolded = raw.replace(/\r?\n[ \t]+/g, ' ');
  const text = raw.replace(/=\r?\n/g, '').replaceAll('=3D', '=');
  return {
    messageId: /^message-id:\s*(<[^>]+>)/im.exec(unfolded)?.[1] ?? '',
    unsubscribeUrl: /^list-unsubscribe:\s*<([^>]+)>/im.exec(unfolded)?.[1]?.replaceAll(' ', ''),
    clickUrls: [...new Set([...text.matchAll(/href="(http[^"]*\/t\/[^"]+)"/g)].map((match) => match[1]!))],
  };
}
