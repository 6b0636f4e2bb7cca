import { useLayoutEffect } from 'react';

/** The page's heading, which is also the window's title. */
export function Heading({ children }: { children: string }) {
  useLayoutEffect(() => {
    document.title = `${children} · Fjord & Oak`;
  }, [children]);
  return <h1 tabIndex={-1}>{children}</h1>;
}
