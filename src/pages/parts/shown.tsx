/** The answer of a query once it is there: before, that it loads; without one, the error. An old answer stays shown. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure, Loading } from './notice';

interface Props<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error'> & { refetch: () => unknown };
  what: string;
  lines?: number;
  children: (data: T) => ReactNode;
}

export function Shown<T>({ query, what, lines, children }: Props<T>) {
  const { data, error, refetch } = query;
  if (data !== undefined) return <>{children(data)}</>;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return <Loading what={what} lines={lines} />;
}
