/** Messages: what they are, whether one may go, and how it goes once. */
export {
  message,
  type EmailTemplate,
  type Message,
  type MessageExample,
  type MessageKind,
  type Messages,
  type MessagesOf,
  type OnUncertain,
} from './message';
export { everyTopic, readConsent, topicLabel, type Choice, type Topic } from './topics';
export { loadMessages, type CompiledMessage } from './load-messages';
export { wrongProps, type RenderContext, type Rendered } from './render';
export { noSuchMessage, unknownMessage } from './unknown-message';
export { defaultLimits, judge, type GuardInput, type SendLimits, type Verdict } from './guard-rules';
export { attemptLimitMs, leaseMarginMs } from './guard';
export { backgroundColumns, backgroundJoins, backgroundOf, type Background, type BackgroundRow } from './background';
export { createSender, type Sender, type SenderOptions } from './send';
export { giveUpSend, type GiveUpDeps } from './give-up';
export { closeLapsedLeases } from './ledger';
export { pausedMessages, pauseMessage, settleUncertain } from './operate';
export type { EmailAnswer, EmailProvider, Mailbox, OutgoingEmail } from './email-provider';
export { smtpProvider } from './smtp';
export { mailAddress } from './address';
export { readSender, senderName } from './sender-address';
export { consentsBefore, createConsents, type ChoicesToMake, type ChoiceToMake, type Consents } from './consents';
export { suppress, type Suppression } from './suppressions';
export { createSigner, type ClickToken, type Signer, type UnsubscribeToken } from './tokens';
export { clickId, clickOf, readClickedLink, type ClickedLink } from './clicks';
export {
  listSends,
  readSend,
  type AttemptView,
  type Before,
  type SendDetail,
  type SendFilter,
  type SendView,
} from './read';
export { previewSend, type Preview, type PreviewDeps } from './preview';
export { PermanentSendError } from './errors';
