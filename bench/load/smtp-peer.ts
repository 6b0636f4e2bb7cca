/** A program: an SMTP server that takes every mail and remembers to whom it went and when. */
import { SMTPServer } from 'smtp-server';
import { serve } from '../child';

export interface Mail {
  to: string;
  at: number;
}

let mails: Mail[] = [];

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData(stream, session, done) {
    stream.resume();
    stream.once('end', () => {
      mails.push(...session.envelope.rcptTo.map(({ address }) => ({ to: address, at: Date.now() })));
      done();
    });
  },
});

server.listen(0, '127.0.0.1', () => {
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  serve(
    (question: 'count' | 'take') => {
      if (question === 'count') return mails.length;
      const taken = mails;
      mails = [];
      return taken;
    },
    { port },
  );
});
