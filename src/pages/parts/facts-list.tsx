/** Names and values, one a line. */
import type { ReactNode } from 'react';

export type Fact = [name: string, value: ReactNode];

/** Facts without a value are left out. */
export function FactsList({ facts }: { facts: (Fact | false | undefined)[] }) {
  const given = facts.filter((fact): fact is Fact => Array.isArray(fact) && fact[1] != null && fact[1] !== '');
  return (
    <dl className="facts">
      {given.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
