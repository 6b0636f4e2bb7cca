/**
 * Requests to the API of the same origin. Errors come out as `ApiError`, in the words of the API's own problems, so that
 * a page can show what is wrong and what to do; whether the API answers at all is told to `connection`.
 */
import { hearTime } from '../clock/stack-clock';
import type { ProblemAnswer } from './answers';
import { connection } from './connection';

/** A request that has not answered by then has failed. */
const answerWithinMs = 20_000;

export class ApiError extends Error {
  constructor(
    /** 0 where nothing answered. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(`${title}: ${detail}`);
  }
}

export type Method = 'GET' | 'POST' | 'DELETE';

/** The header says that a script of these pages has made the request, and not a form or a link of elsewhere. */
const ownScript = { 'x-sojourn-csrf': '1' };

export async function call<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const late = AbortSignal.timeout(answerWithinMs);
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers: { ...ownScript, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, late]) : late,
      cache: 'no-store',
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    connection.lost();
    throw new ApiError(0, 'No answer', 'Sojourn does not answer. Check that it is running; this page tries again.');
  }
  connection.answered();
  const json: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw errorOf(answer.status, json);
  hearTime(json);
  // The shapes are the server's own types; what it sends is held to them by its compiler.
  return json as T;
}

function errorOf(status: number, json: unknown): ApiError {
  const problem = (typeof json === 'object' && json !== null ? json : {}) as Partial<ProblemAnswer>;
  return new ApiError(
    status,
    problem.title ?? `Answer ${status}`,
    problem.detail ?? 'The API answered without a reason. Its log says more.',
  );
}

/** An address with the parameters that are given; empty ones are left out. */
export function withQuery(path: string, query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
