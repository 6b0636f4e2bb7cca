/**
 * What the pages read, as queries: live ones ask again while the page is looked at, and keep what they had until the
 * new answer is there.
 */
import { infiniteQueryOptions, keepPreviousData, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import type {
  AuditAnswer,
  InboxSummaryAnswer,
  JourneyAnswer,
  JourneysAnswer,
  KeysAnswer,
  MailAnswer,
  MessageAnswer,
  MessagesAnswer,
  OverviewAnswer,
  PausedTemplatesAnswer,
  PeopleAnswer,
  PersonAnswer,
  PreviewAnswer,
  ReadyAnswer,
  RunAnswer,
  RunsAnswer,
  SessionAnswer,
  TimelineAnswer,
} from './answers';
import { ApiError, call, withQuery } from './client';

/** How often what changes by itself is asked for. */
const liveMs = 2_000;
const slowMs = 5_000;
const rareMs = 30_000;
/** A window of many minutes changes little from one answer to the next, and costs more. */
const overviewMs = (minutes: number): number => (minutes > 360 ? 30_000 : minutes > 60 ? 10_000 : liveMs);
/** A list of which many pages are shown is asked for less often: each page is a request. */
const manyPages = 3;
const manyPagesMs = 15_000;

export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // The session may have run out: whether it has is asked, and the pages follow.
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) void client.invalidateQueries(ask.session());
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) =>
          failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
        retryDelay: 700,
        staleTime: 1_000,
        refetchIntervalInBackground: false,
        // Whether the network is there is said by the API's own answers: it may be on this very machine.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}

function live<T>(path: string, everyMs: number) {
  return queryOptions({
    queryKey: [path],
    queryFn: ({ signal }) => call<T>('GET', path, undefined, signal),
    refetchInterval: everyMs,
  });
}

interface Page {
  next: string | null;
}

function pages<T extends Page>(path: string, query: Record<string, string | number | undefined>, everyMs: number) {
  return infiniteQueryOptions({
    queryKey: [path, query],
    queryFn: ({ pageParam, signal }) =>
      call<T>('GET', withQuery(path, { ...query, before: pageParam }), undefined, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: T) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > manyPages ? manyPagesMs : everyMs),
  });
}

const id = encodeURIComponent;

export const ask = {
  session: () => live<SessionAnswer>('/v1/session', rareMs),
  overview: (minutes: number) => ({
    ...live<OverviewAnswer>(withQuery('/v1/overview', { minutes }), overviewMs(minutes)),
    placeholderData: keepPreviousData,
  }),
  journeys: () => live<JourneysAnswer>('/v1/journeys', slowMs),
  journey: (journey: string, days: number) => ({
    ...live<JourneyAnswer>(withQuery(`/v1/journeys/${id(journey)}`, { days }), slowMs),
    placeholderData: keepPreviousData,
  }),
  runs: (query: { journey?: string; person?: string; state?: string; limit?: number }) =>
    pages<RunsAnswer>('/v1/runs', query, liveMs),
  run: (run: string) => live<RunAnswer>(`/v1/runs/${id(run)}`, liveMs),
  people: (search: string) => pages<PeopleAnswer>('/v1/people', { search, limit: 40 }, slowMs),
  person: (person: string) => live<PersonAnswer>(`/v1/people/${id(person)}`, slowMs),
  timeline: (person: string) => pages<TimelineAnswer>(`/v1/people/${id(person)}/timeline`, { limit: 60 }, liveMs),
  messages: (query: { journey?: string; state?: string; person?: string; limit?: number }) =>
    pages<MessagesAnswer>('/v1/messages', query, liveMs),
  message: (message: string) => live<MessageAnswer>(`/v1/messages/${id(message)}`, liveMs),
  preview: (message: string) => ({
    ...live<PreviewAnswer>(`/v1/messages/${id(message)}/preview`, 0),
    refetchInterval: false as const,
  }),
  paused: () => live<PausedTemplatesAnswer>('/v1/templates/paused', slowMs),
  changes: () => pages<AuditAnswer>('/v1/audit', { limit: 20 }, rareMs),
  keys: () => live<KeysAnswer>('/v1/keys', rareMs),
  ready: () => live<ReadyAnswer>('/readyz', slowMs),
  inbox: () => live<InboxSummaryAnswer>(withQuery('/v1/inbox', { limit: 200, fields: 'summary' }), liveMs),
  mail: (mail: string) => ({
    ...live<MailAnswer>(`/v1/inbox/${id(mail)}`, 0),
    refetchInterval: false as const,
  }),
};
