/** Links to the pages of things, with ids encoded: a person's may hold any character. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon } from './icon';

const id = encodeURIComponent;

export const personPath = (person: string): string => `/people/${id(person)}`;
export const journeyPath = (journey: string): string => `/journeys/${id(journey)}`;
export const messagePath = (message: string): string => `/messages/${id(message)}`;

export function PersonLink({ person, children }: { person: string; children?: ReactNode }) {
  return <Link href={personPath(person)}>{children ?? person}</Link>;
}

export function JourneyLink({ journey }: { journey: string }) {
  return <Link href={journeyPath(journey)}>{journey}</Link>;
}

/** A page of another program, in a tab of its own. */
export function Outside({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className="outside">
      {children} <Icon name="out" />
      <span className="unseen">(opens in a new tab)</span>
    </a>
  );
}
