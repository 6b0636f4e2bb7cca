/**
 * E-mail over SMTP. One connection a message: so the moment from which the server may have the message is known, and
 * a failure before it is certainly no send. A pool would be faster and less sure.
 */
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { EmailAnswer, EmailProvider, OutgoingEmail } from './email-provider';
import { readFailure, type SmtpFailure } from './smtp-answer';

const connectWithinMs = 10_000;
const greetWithinMs = 10_000;
const goodbyeWithinMs = 1_000;

const loopback = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * @param url as in `smtp://user:password@mail.example.com:587`; `smtps://` speaks TLS from the start. A password leaves this
 * machine under TLS only, whatever somebody in between makes of the server's offer, unless it says `?requireTLS=false`.
 */
export function smtpProvider(url: string): EmailProvider {
  const server = parseConnectionUrl(url);
  const options = {
    requireTLS: server.auth !== undefined && !loopback.has(server.host ?? 'localhost'),
    ...server,
    auth: undefined,
    connectionTimeout: connectWithinMs,
    dnsTimeout: connectWithinMs,
    greetingTimeout: greetWithinMs,
    // After the time limit nothing may be on its way any more.
    socketCloseTimeout: 0,
  };
  return {
    name: `smtp ${server.host ?? 'localhost'}`,
    async send(email, timeLimitMs) {
      const endsAt = performance.now() + timeLimitMs;
      const body = await compose(email);
      return deliver(options, server.auth, email, body, endsAt - performance.now());
    },
  };
}

function deliver(
  options: ConstructorParameters<typeof SMTPConnection>[0],
  auth: { user: string; pass: string } | undefined,
  email: OutgoingEmail,
  body: Buffer,
  timeLimitMs: number,
): Promise<EmailAnswer> {
  return new Promise((resolve) => {
    const connection = new SMTPConnection({ ...options, socketTimeout: Math.max(timeLimitMs, 1) });
    let handingOver = false;
    // Read only once the server has said that it wants the message.
    const source = new Readable({
      read() {
        handingOver = true;
        this.push(body);
        this.push(null);
      },
    });
    let settled = false;
    const settle = (answer: EmailAnswer) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (answer.kind === 'accepted') leave(connection);
      else connection.close();
      resolve(answer);
    };
    const fail = (error: SmtpFailure) => settle(readFailure(error, handingOver));
    const timer = setTimeout(
      () => fail({ message: `no answer within ${Math.round(timeLimitMs)} ms`, code: 'ETIMEDOUT', command: 'CONN' }),
      timeLimitMs,
    );
    const hand = () =>
      connection.send(
        { from: email.from.address, to: [email.to.address], size: body.length },
        source,
        (error, info) => {
          if (error) fail(error);
          else settle({ kind: 'accepted', response: info.response.slice(0, 500), providerId: info.serverMessageId });
        },
      );
    connection.on('error', fail);
    connection.connect((error) => {
      if (error) fail(error);
      else if (auth && connection.allowsAuth) {
        connection.login({ user: auth.user, credentials: auth }, (refused) => (refused ? fail(refused) : hand()));
      } else hand();
    });
  });
}

/** Says goodbye, and doesn't wait for long to hear it back. */
function leave(connection: SMTPConnection): void {
  connection.quit();
  const timer = setTimeout(() => connection.close(), goodbyeWithinMs);
  connection.once('end', () => clearTimeout(timer));
}

function compose(email: OutgoingEmail): Promise<Buffer> {
  const mailbox = ({ name, address }: OutgoingEmail['to']) => ({ name: name ?? '', address });
  const mail = new MailComposer({
    from: mailbox(email.from),
    to: mailbox(email.to),
    subject: email.subject,
    messageId: email.messageId,
    text: email.text,
    html: email.html,
    headers: email.headers,
    disableFileAccess: true,
    disableUrlAccess: true,
    xMailer: false,
  });
  return mail.compile().build();
}
