/** The sender of a process: a worker's, and the API's for what operators send once more. */
import type { Core } from './core';
import { createSender, type Sender } from './messaging';
import { watchedProvider, watchedSender } from './recording';
import { askAbout } from './runtime/store-ops';

export function senderOf({
  db,
  clock,
  content,
  decider,
  signer,
  publicUrl,
  from,
  mail,
  metrics,
  tracing,
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
    email: watchedProvider(mail, metrics, tracing),
    settle: (personId) => decider.decide([personId]),
    ask: (about) => askAbout({ db, clock }, about),
    signer,
    publicUrl,
    from,
    log,
    tracing,
    onGuard(answer, ms) {
      metrics.guardAnswers.inc({ answer });
      metrics.guardSeconds.observe(ms / 1_000);
    },
    onReceipt: (counted) => metrics.receipts.inc({ result: counted ? 'written' : 'fenced' }),
  });
  return watchedSender(sender, { metrics, log });
}
