/** Rows with a bar as long as their share. A table, so it reads the same without the bars. */
import type { ReactNode } from 'react';
import { Bar, type BarKind } from './bar';

export interface BarRow {
  id: string;
  /** What stands above the bar. */
  says: ReactNode;
  share: number;
  kind: BarKind;
  className?: string;
  /** As text, one a column. */
  numbers: string[];
}

export function Bars({ caption, heads, rows }: { caption: string; heads: string[]; rows: BarRow[] }) {
  return (
    <table className="bars">
      <caption className="unseen">{caption}</caption>
      <thead className="unseen">
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, says, share, kind, className, numbers }) => (
          <tr key={id} className={className}>
            <th scope="row">
              {says}
              <Bar share={share} kind={kind} />
            </th>
            {numbers.map((number, column) => (
              <td key={column} className="number">
                {number}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
