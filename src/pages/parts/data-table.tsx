/**
 * A table that becomes a list of cards on a narrow screen. The roles stand in it because the cards' `display` would take
 * them away from screen readers.
 */
import type { ReactNode } from 'react';

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** Numbers stand right, so that they can be compared. */
  number?: boolean;
  /** Takes what room there is left. */
  wide?: boolean;
  /** Is never broken within a line, save on a card: what is short, and hard to read in pieces. */
  whole?: boolean;
  /** Stands first and large on a card, without its title. */
  main?: boolean;
}

interface Props<T> {
  caption: string;
  columns: Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** A surface of its own, where the table does not stand in a section. */
  sheet?: boolean;
}

export function DataTable<T>({ caption, columns, rows, keyOf, sheet }: Props<T>) {
  const look = ({ number, wide, whole, main }: Column<T>) =>
    [number && 'number', wide && 'wide', whole && 'whole', main && 'lead'].filter(Boolean).join(' ') || undefined;
  const table = (
    <table role="table" className="data-table">
      <caption className="unseen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.title} role="columnheader" scope="col" className={look(column)}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" key={keyOf(row)}>
            {columns.map((column) => (
              <td key={column.title} role="cell" className={look(column)} data-title={column.title}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return sheet ? <div className="sheet">{table}</div> : table;
}
