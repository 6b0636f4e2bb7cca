/**
 * Which of Sojourn's search attributes the server knows. One that it does not know would fail every workflow task
 * that sets it, for ever; such a one is left out.
 */
import type { Client } from '@temporalio/client';
import { attributeNames } from '../temporal';
import { reachingTemporal } from './unreachable';

export type KnownAttributes = ReadonlySet<string>;

/** Asks the server. One that does not answer the question (the time-skipping one) knows none. */
export async function knownAttributes(client: Client): Promise<KnownAttributes> {
  const known = await reachingTemporal(client, async () => {
    try {
      const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
        namespace: client.options.namespace,
      });
      return customAttributes;
    } catch (error) {
      if (isUnimplemented(error)) return {};
      throw error;
    }
  });
  return new Set(attributeNames.filter((name) => name in known));
}

const unimplemented = 12; // gRPC
function isUnimplemented(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === unimplemented;
}
