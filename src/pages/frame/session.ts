/** What the API said about this session and the stack, for every page. */
import { createContext, useContext } from 'react';
import type { SessionAnswer } from '../api/answers';

export const SessionContext = createContext<SessionAnswer | undefined>(undefined);

export function useSession(): SessionAnswer {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no session here: SessionGate stands above every page.');
  return session;
}
