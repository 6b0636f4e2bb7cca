/** The button under a list that has more. */
import type { UseInfiniteQueryResult } from '@tanstack/react-query';

type More = Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'error'> & {
  fetchNextPage: () => Promise<unknown>;
};

export function MoreButton({ list, children }: { list: More; children: string }) {
  if (!list.hasNextPage) return null;
  return (
    <div className="more">
      <button
        type="button"
        className="button"
        disabled={list.isFetchingNextPage}
        onClick={() => void list.fetchNextPage()}
      >
        {list.isFetchingNextPage ? 'Loading …' : children}
      </button>
      {list.isFetchNextPageError && <p role="alert">{list.error?.message}</p>}
    </div>
  );
}
