/** What a form of the preferences page asks for: read once, checked, and told apart from what it was before. */
import { z } from 'zod';
import { everyTopic, readConsent, type Choice, type Topic } from '../messaging';
import type { PreferencesView } from '../web';

/** A form names each topic twice at most; and nobody else posts much here. */
export const maxFormBytes = 64 * 1024;

const ids = z.array(z.string().min(1).max(200)).max(500);
const formSchema = z.object({
  /** The switch for all marketing. */
  all: z.array(z.enum(['in', 'out'])).max(1),
  want: ids,
  had: ids,
  had_not: ids,
});

/** RFC 8058 has providers post this field, as a URL-encoded form or as one of parts. */
export function isOneClick(body: string): boolean {
  if (new URLSearchParams(body).get('List-Unsubscribe')?.trim() === 'One-Click') return true;
  return /name="?List-Unsubscribe"?[^\n]{0,200}\n(?:[^\r\n]{1,200}\r?\n){0,3}\r?\nOne-Click\r?\n/.test(body);
}

/**
 * The choices that a form makes; undefined when it is none of ours. Of topics only those that differ from what the page
 * showed, so that neither a topic that is new since nor a choice made elsewhere meanwhile is undone by it.
 */
export function choicesIn(body: string, topics: readonly Topic[]): Pick<Choice, 'topic' | 'state'>[] | undefined {
  const fields = new URLSearchParams(body);
  const names = ['all', 'want', 'had', 'had_not'] as const;
  const form = formSchema.safeParse(Object.fromEntries(names.map((name) => [name, fields.getAll(name)])));
  if (!form.success) return undefined;
  const { all, want, had, had_not: hadNot } = form.data;
  const [every] = all;
  if (every !== undefined) return [{ topic: everyTopic, state: every }];
  if (had.length + hadNot.length === 0) return undefined;
  return topics.flatMap(({ id }): Pick<Choice, 'topic' | 'state'>[] => {
    const wanted = want.includes(id);
    if (wanted && hadNot.includes(id)) return [{ topic: id, state: 'in' }];
    return !wanted && had.includes(id) ? [{ topic: id, state: 'out' }] : [];
  });
}

/** What the page shows to somebody who made these choices. */
export function preferencesOf(
  choices: Choice[],
  { topics, senderName }: { topics: readonly Topic[]; senderName: string },
): PreferencesView {
  return {
    from: senderName,
    topics: topics.map((topic) => ({
      id: topic.id,
      label: topic.label,
      granted: readConsent(topic, choices) === 'granted',
    })),
    allOut: choices.some(({ topic, state }) => topic === everyTopic && state === 'out'),
  };
}
