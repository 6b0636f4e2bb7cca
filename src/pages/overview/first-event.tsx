/** What a new stack shows: how to send it something, on a line that works when the key is put in. */
import { useSession } from '../frame/session';
import { CopyButton } from '../parts/copy-button';
import { Section } from '../parts/section';

export function FirstEvent() {
  const { development, publicUrl } = useSession();
  const base = development ? window.location.origin : (publicUrl ?? window.location.origin).replace(/\/$/, '');
  const lines = [
    `curl -u "$KEY:" ${base}/v1/identify -H 'content-type: application/json' \\`,
    `  -d '{"userId":"u1","traits":{"name":"Ada","email":"ada@example.com"}}'`,
    `curl -u "$KEY:" ${base}/v1/track -H 'content-type: application/json' \\`,
    `  -d '{"userId":"u1","event":"add_to_cart","properties":{"value":80,"items":[{"item_id":"desk","item_name":"Desk","price":80,"quantity":1}]}}'`,
  ];
  const command = `export KEY=…   # SOJOURN_WRITE_KEY\n${lines.join('\n')}`;
  return (
    <Section title="Send the first event" says="Nothing has come in yet. This page shows it as soon as something does.">
      <div className="first-event">
        <pre className="raw" tabIndex={0} role="region" aria-label="Commands that send the first events">
          {command}
        </pre>
        <CopyButton text={command} name="the commands" />
        <p className="hint">
          {development
            ? 'The write key was printed at the first start; it is kept in secrets.json in the data folder.'
            : 'A server key is made in settings.'}{' '}
          Ada then is in people, with a run of each journey that her event starts.
        </p>
      </div>
    </Section>
  );
}
