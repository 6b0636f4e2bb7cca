/** What a run on Temporal calls when a send was retried for as long as it may be. */
import type { Answer, Carried, SendOutcome, SendRequest } from '../../journey';
import { giveUpSend, type GiveUpDeps } from '../../messaging';
import type { Decider } from '../../routing';
import { carry, type Caller } from './carry';

export interface GiveUpParts extends GiveUpDeps {
  decider: Decider;
}

export function createGiveUp({ decider, ...deps }: GiveUpParts, caller: Caller) {
  return async (carried: Carried, request: SendRequest, reason: string): Promise<Answer<SendOutcome>> => {
    const { status } = await carry(deps.db, (personId) => decider.decide([personId]), caller, carried);
    return { value: await giveUpSend(deps, carried.run, request, reason), ...status };
  };
}
