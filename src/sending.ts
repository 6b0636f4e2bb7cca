/** The sender of a process: a worker's, and the API's for what operators send once more. */
import type { Core } from './core';
import { createSender, smtpProvider, type Sender } from './messaging';
import { askAbout } from './runtime/store-ops';

export function senderOf({
  db,
  clock,
  content,
  decider,
  signer,
  publicUrl,
  from,
  smtpUrl,
  metrics,
  log,
}: Core): Sender {
  const sender = createSender({
    db,
    clock,
    messages: content.messages,
    topicOf: (id) => {
      const header = content.journeys.find((journey) => journey.id === id)?.header;
      return content.topics.find((topic) => topic.id === header?.topic);
    },
    email: smtpProvider(smtpUrl),
    settle: (personId) => decider.decide([personId]),
    ask: ({ personId, trigger }) => askAbout(db, clock, personId, trigger),
    signer,
    publicUrl,
    from,
    log,
  });
  return {
    ...sender,
    async send(carried, request) {
      const outcome = await sender.send(carried, request);
      metrics.sends.inc({ message: request.message, state: outcome.status });
      return outcome;
    },
  };
}
