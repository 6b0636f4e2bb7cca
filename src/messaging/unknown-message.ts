import { PermanentSendError } from './errors';
import type { CompiledMessage } from './load-messages';
import { z } from 'zod';

/** Stands in for a message that a run asks for and that no longer exists: it goes to nobody, and the ledger says why. */
export function unknownMessage(id: string): CompiledMessage {
  return {
    id,
    definition: {
      kind: 'marketing',
      onUncertain: 'hold',
      capped: false,
      priority: 'normal',
      props: z.unknown(),
      email: { subject: '', template: '' },
      fallbacks: {},
      example: { props: {} },
    },
    render: () => Promise.reject(new PermanentSendError(noSuchMessage(id))),
  };
}

export function noSuchMessage(id: string): string {
  return `there is no message '${id}' in messages/`;
}
