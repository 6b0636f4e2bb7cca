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
    const settle = (personId: string) => decider.decide([personId]);
    const { status } = await carry({ db: deps.db, settle, caller }, carried, { asked: {} });
    return { value: await giveUpSend(deps, carried.run, request, reason), ...status };
  };
}
