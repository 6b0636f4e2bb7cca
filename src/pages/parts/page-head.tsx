/** The top of a page: its one `h1`, which is the document's title too, and what can be done. */
import { useEffect, type ReactNode } from 'react';

interface Props {
  title: string;
  /** Above the title: where this belongs. */
  above?: ReactNode;
  beside?: ReactNode;
  says?: ReactNode;
  actions?: ReactNode;
}

export function PageHead({ title, above, beside, says, actions }: Props) {
  useEffect(() => {
    document.title = `${title} · Sojourn`;
  }, [title]);
  return (
    <header className="page-head">
      <div className="page-head-words">
        {above && <p className="page-above">{above}</p>}
        <div className="page-title">
          <h1>{title}</h1>
          {beside}
        </div>
        {says && <div className="page-says">{says}</div>}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  );
}
