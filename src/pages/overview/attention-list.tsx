/** The list of what needs attention, read out when it changes. */
import { Link } from 'wouter';
import type { OverviewAnswer } from '../api/answers';
import { Icon } from '../parts/icon';
import { Section } from '../parts/section';
import { matters } from './attention';

export function Attention({ overview }: { overview: OverviewAnswer }) {
  const found = matters(overview);
  return (
    <Section title="Needs attention">
      <div aria-live="polite">
        {found.length === 0 ? (
          <p className="all-well">
            <Icon name="check" /> Nothing. All parts answer, and no message waits for a decision.
          </p>
        ) : (
          <ul className="matters">
            {found.map(({ key, tone, title, says, link }) => (
              <li key={key} className={`matter matter-${tone}`}>
                <Icon name="warning" />
                <div>
                  <p className="matter-title">{title}</p>
                  <p>{says}</p>
                </div>
                {link && (
                  <Link href={link.to} className="button button-small">
                    {link.text}
                  </Link>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}
