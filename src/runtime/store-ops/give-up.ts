/** What a run on Temporal calls when a send was retried for as long as it may be. */
import type { Answer, Carried, SendOutcome, SendRequest } from '../../journey';
import { storable } from '../../db';
import { giveUpSend, type GiveUpDeps } from '../../messaging';
import type { Decider } from '../../routing';
import { carry, type Caller } from './carry';

export interface GiveUpParts extends GiveUpDeps {
  decider: Decider;
}

export function createGiveUp({ decider, ...deps }: GiveUpParts, caller: Caller) {
  return async (...args: [Carried, SendRequest, string]): Promise<Answer<SendOutcome>> => {
    const [carried, request, reason] = storable(args);
    const { status } = await carry(deps.db, (personId) => decider.decide([personId]), caller, carried);
    return { value: await giveUpSend(deps, carried.run, request, reason), ...status };
  };
}
