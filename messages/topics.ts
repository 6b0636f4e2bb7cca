import type { Topic } from '../src';

/** What people can choose to get; a message names one of these. */
export const topics: Topic[] = [
  { id: 'reminders', label: 'Reminders about your cart', consent: 'opt-out' },
  { id: 'onboarding', label: 'Help with getting started', consent: 'opt-out' },
  { id: 'offers', label: 'Offers and discounts', consent: 'opt-out' },
  { id: 'news', label: 'What is new', consent: 'opt-out' },
];
