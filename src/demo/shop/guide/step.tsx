/** One thing to do, with its tick. */
import type { ReactNode } from 'react';

interface StepProps {
  number: number;
  done: boolean;
  title: string;
  /** How it stands. */
  told: string;
  aside?: string;
  children?: ReactNode;
}

export function Step({ number, done, title, told, aside, children }: StepProps) {
  return (
    <li className={done ? 'step done' : 'step'}>
      <span className="tick" role="img" aria-label={done ? `Step ${number}: done` : `Step ${number}: to do`}>
        {done ? '✓' : number}
      </span>
      <div className="what">
        <h2>{title}</h2>
        <p role="status">{told}</p>
        <div className="links">{children}</div>
      </div>
      {aside !== undefined && (
        <p className="count" aria-label="Until the reminder is due" role="timer">
          {aside}
        </p>
      )}
    </li>
  );
}

/** Leads to another tab, the same one each time, so that the guide stays open. */
export function Away({ href, main = false, children }: { href: string; main?: boolean; children: string }) {
  return (
    <a href={href} target={targetOf(href)} className={main ? 'main' : undefined}>
      {children}
    </a>
  );
}

function targetOf(href: string): string {
  return href.startsWith('/shop') ? 'demo-shop' : href.startsWith('http') ? 'demo-temporal' : 'demo-pages';
}
