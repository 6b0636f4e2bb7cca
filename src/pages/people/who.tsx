/** Traits, consent, variants and names of a person. */
import type { PersonAnswer } from '../api/answers';
import { Chip } from '../parts/chip';
import { FactsList, type Fact } from '../parts/facts-list';
import { Moment } from '../parts/moment';
import { Section } from '../parts/section';
import { sourceInWords } from '../words/consent-words';
import { value } from '../words/values';

export function Who({ person }: { person: PersonAnswer }) {
  const { traits, consents, variants, otherUserIds, anonymousIds } = person;
  const given = Object.entries(traits);
  return (
    <>
      <Section title="Traits">
        {given.length === 0 ? (
          <p className="hint">None were reported.</p>
        ) : (
          <FactsList facts={given.map(([name, of]): Fact => [name, value(of)])} />
        )}
      </Section>
      <Section title="Consent">
        {consents.length === 0 ? (
          <p className="hint">No choice was made: each topic&apos;s own rule holds.</p>
        ) : (
          <ul className="plain">
            {consents.map(({ topic, state, changedAt, source }) => (
              <li key={topic}>
                <Chip tone={state === 'in' ? 'good' : 'bad'}>{state === 'in' ? 'agreed' : 'unsubscribed'}</Chip>{' '}
                {topic === '*' ? 'all marketing' : topic}
                <span className="second">
                  <Moment at={changedAt} />, {sourceInWords(source)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {variants.length > 0 && (
        <Section title="Variants">
          <FactsList facts={variants.map(({ experiment, variant }): Fact => [experiment, variant])} />
        </Section>
      )}
      <Ids title="Other user ids" ids={otherUserIds} />
      <Ids title="Anonymous ids" ids={anonymousIds} />
    </>
  );
}

function Ids({ title, ids }: { title: string; ids: string[] }) {
  if (ids.length === 0) return null;
  return (
    <Section title={title}>
      <ul className="plain">
        {ids.map((id) => (
          <li key={id}>
            <code>{id}</code>
          </li>
        ))}
      </ul>
    </Section>
  );
}
