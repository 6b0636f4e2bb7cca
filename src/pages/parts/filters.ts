/** Filters are part of the address, so that a link shows what its sender saw; Back leaves the page, not a filter. */
import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

export function useFilter(name: string, otherwise = ''): [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (value: string) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (value === otherwise) after.delete(name);
          else after.set(name, value);
          return after;
        },
        { replace: true },
      ),
    [name, otherwise, setParams],
  );
  return [params.get(name) ?? otherwise, set];
}
