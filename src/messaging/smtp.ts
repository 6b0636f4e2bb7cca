/**
 * E-mail over SMTP. A session carries one message at a time, so that the moment from which the server may have it is
 * known, and a failure before that is certainly no send. One that went well is kept a while for the next message:
 * opening another, with TLS and a login, costs more than the message.
 */
import MailComposer from 'nodemailer/lib/mail-composer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import type { EmailProvider, OutgoingEmail } from './email-provider';
import { SmtpSession, type SmtpServer } from './smtp-session';

/** Servers wait for five minutes (RFC 5321, 4.5.3.2.7), some for less. */
const keptForMs = 5_000;
const keptAtMost = 5;
/** Servers end sessions that bring more than they like. */
const messagesAtMost = 100;

const loopback = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * @param url as in `smtp://user:password@mail.example.com:587`; `smtps://` speaks TLS from the start. A password leaves this
 * machine under TLS only, whatever somebody in between makes of the server's offer, unless it says `?requireTLS=false`.
 */
export function smtpProvider(url: string): EmailProvider {
  const { auth, ...options } = parseConnectionUrl(url);
  const server: SmtpServer = {
    options: { requireTLS: auth !== undefined && !loopback.has(options.host ?? 'localhost'), ...options },
    auth,
  };
  const kept = new Map<SmtpSession, NodeJS.Timeout>();
  let isClosed = false;

  function keep(session: SmtpSession): void {
    if (isClosed || kept.size >= keptAtMost || session.taken >= messagesAtMost) return session.leave();
    session.onOver = () => take(session);
    kept.set(
      session,
      setTimeout(() => take(session)?.leave(), keptForMs),
    );
  }

  /** It is the caller's from here on. */
  function take(session: SmtpSession | undefined): SmtpSession | undefined {
    if (session === undefined) return undefined;
    clearTimeout(kept.get(session));
    return kept.delete(session) ? session : undefined;
  }

  return {
    name: `smtp ${options.host ?? 'localhost'}`,
    async send(email, timeLimitMs) {
      const endsAt = performance.now() + timeLimitMs;
      const body = await compose(email);
      const by = async (session: SmtpSession) => {
        const delivery = await session.deliver(email, body, endsAt - performance.now());
        if (!session.isOver) keep(session);
        return delivery;
      };
      // The one that was used last: the others are so let go of when there is less to send.
      const used = take([...kept.keys()].at(-1));
      if (used) {
        const { answer, wasOver } = await by(used);
        // The server ended it meanwhile, as servers do, which says nothing about the message.
        if (!wasOver || performance.now() >= endsAt) return answer;
      }
      return (await by(new SmtpSession(server))).answer;
    },
    close() {
      isClosed = true;
      for (const session of kept.keys()) take(session)?.leave();
    },
  };
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
