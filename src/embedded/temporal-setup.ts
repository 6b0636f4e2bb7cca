/** What Sojourn needs set in a Temporal namespace: its search attributes, and on its own server the retention. */
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { setTimeout as sleep } from 'node:timers/promises';

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API; its enums can't be imported by name from an ES module. */
const keyword = 2;

/** Every search attribute that Sojourn sets on its runs; all are keywords, and none ever holds an address. */
export const searchAttributes = [
  'SojournJourney',
  'SojournPerson',
  'SojournRun',
  'SojournOutcome',
  'SojournVersion',
] as const;

/** Those of them that the namespace does not know yet. */
export async function missingSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return searchAttributes.filter((name) => !(name in customAttributes));
}

/**
 * Adds the missing ones and waits until all are known, since setting an unknown one fails a workflow task for ever.
 * Returns the names added.
 */
export async function addSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length === 0) return [];
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
  });
  const deadline = Date.now() + 10_000;
  while ((await missingSearchAttributes(connection, namespace)).length > 0) {
    if (Date.now() > deadline) throw new Error(`search attributes of namespace ${namespace} did not appear in 10 s`);
    await sleep(50);
  }
  return missing;
}

/** Keeps closed executions for `days`; the dev server's own setting is one day. */
export async function keepExecutionsFor(connection: Connection, namespace: string, days: number): Promise<void> {
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(`${days} days`) },
  });
}
