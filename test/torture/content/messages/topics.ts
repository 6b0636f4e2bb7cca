import type { Topic } from '../../../../src/messaging';

export const topics: Topic[] = [
  { id: 'reminders', label: 'Reminders', consent: 'opt-out' },
  { id: 'tips', label: 'Tips', consent: 'opt-out' },
];
