/** What the guide says of what became of the reminder. Pure. */
import type { Reminder } from '../answers';

/** What stands for a reason of the ledger, of a verdict or of a run's end. */
const reasons: Record<string, string> = {
  logout: 'you signed out of the shop, which ends the run',
  'goal purchase': 'you bought what was in it, which is the goal',
  entry_limit: 'you had one already: the journey takes a person once in 24 hours, which are 24 minutes here',
  rule_not_met: 'the cart is not worth more than 50',
  came_back: 'you were active again meanwhile',
  already_running: 'a run of yours is waiting already',
  paused: 'the journey is paused',
  unreachable: 'there was no address when it was due',
  unsubscribed: 'you have unsubscribed from reminders',
  capped: 'you have had as many messages today as one may get',
  suppressed: 'the address takes no mail',
  holdout: 'you belong to the few who get no messages, for comparison',
  'cart was emptied': 'the cart was empty when it was due',
};

export function reasonWords(reason: string): string {
  return reasons[reason] ?? reason.replaceAll('_', ' ');
}

export const seconds = (ms: number): string => {
  const whole = Math.max(0, Math.ceil(ms / 1_000));
  return `${whole} ${whole === 1 ? 'second' : 'seconds'}`;
};

/** A day of the shop's time is 24 minutes, which nobody counts in seconds. */
export const untilWords = (ms: number): string => (ms < 120_000 ? seconds(ms) : `${Math.ceil(ms / 60_000)} minutes`);

/** `leftMs` is what remains of `dueInMs` by now. */
export function reminderWords(reminder: Reminder, leftMs: number | null): string {
  switch (reminder.state) {
    case 'none':
      return 'It waits until you have done nothing for 15 or 30 minutes of the shop’s time: 15 or 30 seconds here.';
    case 'waiting':
      if (leftMs === null || reminder.patience === null) return 'The run has begun.';
      if (leftMs <= 0) return 'Any moment now.';
      return `The run waits for ${reminder.patience} without activity. Leave the shop alone.`;
    case 'sending':
      return 'The wait is over, and the mail on its way.';
    case 'sent':
      return reminder.mail ? `“${reminder.mail.subject}”` : 'The reminder was sent to the address that you gave.';
    case 'not_sent':
      return `No reminder was sent: ${reasonWords(reminder.reason)}.`;
    case 'refused':
      return `The journey did not begin: ${reasonWords(reminder.reason)}.`;
  }
}
