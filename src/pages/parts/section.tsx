/** A part of a page, with a heading that names it. */
import { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  says?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Section({ title, says, actions, className, children }: Props) {
  const id = useId();
  return (
    <section className={className ? `section ${className}` : 'section'} aria-labelledby={id}>
      <header className="section-head">
        <div>
          <h2 id={id}>{title}</h2>
          {says && <p className="section-says">{says}</p>}
        </div>
        {actions && <div className="section-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
