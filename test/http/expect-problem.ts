/** What every error answer looks like. */
import { expect } from 'vitest';
import type { Answer } from './front-door';

export function expectProblem(answer: Answer, status: number, type: string, path?: string): void {
  expect(answer).toMatchObject({ status, json: { type: `urn:sojourn:problem:${type}`, status } });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.json['title']).toEqual(expect.any(String));
  expect(String(answer.json['detail']).length).toBeGreaterThan(10);
  if (path !== undefined) expect(answer.json['path']).toBe(path);
}
