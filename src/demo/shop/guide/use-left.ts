/** Counts down in the browser between two answers of the back end. */
import { useEffect, useState } from 'react';

/** What remains of `ms`, which was so at the wall's time `at`. */
export function useLeft(ms: number | null, at: number): number | null {
  const [now, setNow] = useState(Date.now());
  const counts = ms !== null;
  useEffect(() => {
    if (!counts) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [counts]);
  return ms === null ? null : Math.max(0, ms - Math.max(0, now - at));
}
