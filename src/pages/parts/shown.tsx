/** The answer of a query once it is there: before, that it loads; without one, the error. An old answer stays shown. */
import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Failure, Loading } from './notice';

interface Props<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error'> & { refetch: () => unknown };
  what: string;
  lines?: number;
  children: (data: T) => ReactNode;
}

export function Shown<T>({ query, what, lines, children }: Props<T>) {
  const { data, error, refetch } = query;
  // A query that never had an answer has no error while it tries again: what went wrong stays said until one is there.
  const [last, setLast] = useState(error);
  if (error !== null && error !== last) setLast(error);
  const wrong = error ?? last;
  if (data !== undefined) return <>{children(data)}</>;
  if (wrong) return <Failure error={wrong} retry={() => void refetch()} />;
  return <Loading what={what} lines={lines} />;
}
