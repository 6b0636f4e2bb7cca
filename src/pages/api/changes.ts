/** What the pages change. Each change is followed by asking again for what it may have touched. */
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { ExitAnswer, KeyItem, MessageAnswer, ModeAnswer, NewKeyAnswer, SessionAnswer } from './answers';
import { call } from './client';
import { ask } from './queries';

const id = encodeURIComponent;

function useChange<T, A>(change: (args: A) => Promise<T>): UseMutationResult<T, Error, A> {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => void client.invalidateQueries() });
}

export const useExitRun = () =>
  useChange(({ run, reason }: { run: string; reason: string }) =>
    call<ExitAnswer>('POST', `/v1/runs/${id(run)}/exit`, { reason }),
  );

export const useSwitchJourney = () =>
  useChange(({ journey, to }: { journey: string; to: 'pause' | 'resume' }) =>
    call<ModeAnswer>('POST', `/v1/journeys/${id(journey)}/${to}`),
  );

export const useSettle = () =>
  useChange(({ message, verdict }: { message: string; verdict: 'sent' | 'failed' | 'resend' }) =>
    call<MessageAnswer>('POST', `/v1/messages/${id(message)}/settle`, { verdict }),
  );

export const useSwitchMessage = () =>
  useChange(({ message, to }: { message: string; to: 'pause' | 'resume' }) =>
    call<unknown>('POST', `/v1/templates/${id(message)}/${to}`),
  );

export const useMakeKey = () =>
  useChange((key: { kind: KeyItem['kind']; name: string }) => call<NewKeyAnswer>('POST', '/v1/keys', key));

export const useRotateKey = () => useChange((key: string) => call<NewKeyAnswer>('POST', `/v1/keys/${id(key)}/rotate`));

export const useRevokeKey = () => useChange((key: string) => call<unknown>('DELETE', `/v1/keys/${id(key)}`));

/** After signing in nothing of before counts; after signing out nothing may be left. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (by: { password: string } | { demo: true }) => call<SessionAnswer>('POST', '/v1/session', by),
    onSuccess: (session) => {
      const { queryKey } = ask.session();
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== queryKey[0] });
      client.setQueryData(queryKey, session);
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<unknown>('DELETE', '/v1/session'),
    onSuccess: () => {
      client.clear();
      window.location.assign('/sign-in');
    },
  });
}

/** A change with what it is about, as a button's dialog takes it. */
export function bound<T, A>(change: UseMutationResult<T, Error, A>, args: NoInfer<A>) {
  return {
    mutateAsync: () => change.mutateAsync(args),
    isPending: change.isPending,
    error: change.error,
    reset: change.reset,
  };
}
