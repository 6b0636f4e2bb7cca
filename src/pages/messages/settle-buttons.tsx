/** How an uncertain message is settled: what each verdict does is said before it is given. */
import type { MessageSummary } from '../api/answers';
import { bound, useSettle } from '../api/changes';
import { ConfirmButton } from '../parts/confirm-button';

const verdicts = [
  {
    verdict: 'sent',
    label: 'It was sent',
    title: 'It was sent?',
    says: 'The ledger takes it as sent: it counts for caps and cooldowns, and its run goes on as after a send.',
  },
  {
    verdict: 'failed',
    label: 'It failed',
    title: 'It was not sent?',
    says: 'The ledger takes it as failed: it is not sent again, and does not count. Its run goes on with “failed”.',
  },
  {
    verdict: 'resend',
    label: 'Send again',
    title: 'Send it again?',
    says: 'It goes out once more, after the guard has looked again. If the first did arrive, the person gets it twice.',
  },
] as const;

export function SettleButtons({ message, small }: { message: MessageSummary; small?: boolean }) {
  const settle = useSettle();
  return (
    <div className="settle" role="group" aria-label={`Settle ${message.message} to ${message.person}`}>
      {verdicts.map(({ verdict, label, title, says }) => (
        <ConfirmButton
          key={verdict}
          label={label}
          title={title}
          confirm={label}
          small={small}
          danger={verdict === 'resend'}
          change={bound(settle, { message: message.id, verdict })}
        >
          <p>
            {message.message} to {message.address ?? message.person}
          </p>
          <p>{says}</p>
        </ConfirmButton>
      ))}
    </div>
  );
}
