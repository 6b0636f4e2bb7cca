/** What people can say yes or no to, and how their choices are read. */

export interface Topic {
  id: string;
  /** As people read it on the preferences page. */
  label: string;
  /** `opt-in`: only who said yes; `opt-out`: everybody who has not said no. */
  consent: 'opt-in' | 'opt-out';
}

/** Stands for all marketing. */
export const everyTopic = '*';

export interface Choice {
  topic: string;
  state: 'in' | 'out';
  /** From the one sequence: a higher number was chosen later. */
  number: number;
}

/**
 * Whether marketing of this topic may reach somebody who made these choices. No to a topic holds until yes is said to
 * that topic; no to everything holds until yes is said to everything, or later to that topic.
 */
export function readConsent(topic: Topic | undefined, choices: Choice[]): 'granted' | 'unsubscribed' | 'no_consent' {
  const every = choices.find((choice) => choice.topic === everyTopic);
  const own = topic && choices.find((choice) => choice.topic === topic.id);
  if (own?.state === 'out') return 'unsubscribed';
  const laterYes = own !== undefined && every !== undefined && own.number > every.number;
  if (every?.state === 'out' && !laterYes) return 'unsubscribed';
  if (topic?.consent === 'opt-in' && own?.state !== 'in') return 'no_consent';
  return 'granted';
}

/** A topic as people read it; one that is no more, by its id. */
export function topicLabel(topics: readonly Topic[], id: string): string {
  if (id === everyTopic) return 'all marketing';
  return topics.find((topic) => topic.id === id)?.label ?? id.replaceAll(/[-_]/g, ' ');
}
