/** A session with a mail server: opened for a message, and good for another one once the server has taken that one. */
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { EmailAnswer, OutgoingEmail } from './email-provider';
import { readFailure, type SmtpFailure } from './smtp-answer';

const connectWithinMs = 10_000;
const greetWithinMs = 10_000;
const goodbyeWithinMs = 1_000;
/** A session that was kept may lead nowhere by now, which shows only in that nothing answers. */
const silentSessionMs = 10_000;
/** Longer than a message may take and a session is kept: each has a limit of its own. */
const silentAtMostMs = 120_000;

export interface SmtpServer {
  options: NonNullable<ConstructorParameters<typeof SMTPConnection>[0]>;
  auth?: { user: string; pass: string };
}

export interface Delivery {
  answer: EmailAnswer;
  /** The session ended, or fell silent, before the server had said anything about this message. */
  wasOver: boolean;
}

export class SmtpSession {
  /** Messages that the server has taken. */
  taken = 0;
  /** No message can go this way any more. */
  isOver = false;
  /** Called once, when it is over. */
  onOver: () => void = () => {};

  private readonly connection: SMTPConnection;
  private isOpen = false;
  private fail: (failure: SmtpFailure) => void = () => {};

  constructor(private readonly server: SmtpServer) {
    this.connection = new SMTPConnection({
      ...server.options,
      connectionTimeout: connectWithinMs,
      dnsTimeout: connectWithinMs,
      greetingTimeout: greetWithinMs,
      socketTimeout: silentAtMostMs,
      // After the time limit nothing may be on its way any more.
      socketCloseTimeout: 0,
    });
    this.connection.on('error', (failure: SmtpFailure) => {
      this.fail(failure);
      this.close();
    });
    this.connection.on('end', () => this.close());
  }

  /** One message at a time. Unless the server takes it, the session is over. */
  deliver(email: OutgoingEmail, body: Buffer, timeLimitMs: number): Promise<Delivery> {
    return new Promise((resolve) => {
      let handingOver = false;
      // Read only once the server has said that it wants the message.
      const source = new Readable({
        read() {
          handingOver = true;
          this.push(body);
          this.push(null);
        },
      });
      const settle = (delivery: Delivery) => {
        this.fail = () => {};
        clearTimeout(timer);
        clearTimeout(silence);
        if (delivery.answer.kind === 'accepted') this.taken++;
        else this.close();
        resolve(delivery);
      };
      this.fail = (failure) => {
        const answer = readFailure(failure, handingOver);
        const { responseCode = 421 } = failure; // without an answer, as with one that the server is about to leave
        settle({ answer, wasOver: !handingOver && answer.kind === 'not_sent' && responseCode === 421 });
      };
      const late = { message: `no answer within ${Math.round(timeLimitMs)} ms`, code: 'ETIMEDOUT', command: 'CONN' };
      const timer = setTimeout(() => this.fail(late), timeLimitMs);
      const giveUp = () => (handingOver ? undefined : this.fail(late));
      const silence = this.isOpen ? setTimeout(giveUp, Math.min(silentSessionMs, timeLimitMs)) : undefined;
      this.open(() => {
        const envelope = { from: email.from.address, to: [email.to.address], size: body.length };
        this.connection.send(envelope, source, (error, info) => {
          if (error) return this.fail(error);
          const answer = { response: info.response.slice(0, 500), providerId: info.serverMessageId };
          settle({ answer: { kind: 'accepted', ...answer }, wasOver: false });
        });
      });
    });
  }

  /** Says goodbye, and doesn't wait for long to hear it back. */
  leave(): void {
    if (this.isOver) return;
    this.connection.quit();
    const timer = setTimeout(() => this.close(), goodbyeWithinMs);
    this.connection.once('end', () => clearTimeout(timer));
  }

  private close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.connection.close();
    this.onOver();
  }

  private open(then: () => void): void {
    if (this.isOpen) return then();
    const { auth } = this.server;
    const opened = () => {
      this.isOpen = true;
      then();
    };
    this.connection.connect((error) => {
      if (error) return this.fail(error);
      if (!auth || !this.connection.allowsAuth) return opened();
      this.connection.login({ user: auth.user, credentials: auth }, (refused) =>
        refused ? this.fail(refused) : opened(),
      );
    });
  }
}
