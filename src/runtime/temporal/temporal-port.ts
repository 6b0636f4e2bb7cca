/**
 * The port of `journey` on Temporal: real timers, activities, current details. Time is the workflow's, which is the
 * same in a replay. Timers divide by the clock's scale; everything else is in the stack's time.
 */
import { condition, setCurrentDetails } from '@temporalio/workflow';
import type { Carried, OpName, Ops, Port } from '../../journey';
import { send, write, type Read, type RunLimits } from './calls';

type CallArgs<N extends OpName> = Parameters<Ops[N]>[1];
type CallResult<N extends OpName> = Awaited<ReturnType<Ops[N]>>;

export function createTemporalPort(clock: { epoch: number; scale: number }, read: Read, limits: RunLimits): Port {
  const now = () => Math.floor(clock.epoch + (Date.now() - clock.epoch) * clock.scale);

  return {
    now,

    async wait(name, until, woken) {
      if (woken()) return 'woken';
      if (until === undefined) {
        await condition(woken);
        return 'woken';
      }
      // A timer's wall time is rounded, so one round may end just before the stack's deadline.
      for (let left = until - now(); left > 0; left = until - now()) {
        if (await condition(woken, Math.ceil(left / clock.scale), { summary: name })) return 'woken';
      }
      return woken() ? 'woken' : 'expired';
    },

    // Temporal keeps a stack trace for each promise that a workflow makes, so calls are handed on without awaiting.
    call<N extends OpName>(
      op: N,
      carried: Carried,
      args: CallArgs<N>,
      abandon?: () => boolean,
    ): Promise<CallResult<N>> {
      return callActivity(read, limits, op, carried, args, abandon) as Promise<CallResult<N>>;
    },

    tell: setCurrentDetails,
  };
}

/** Each operation's name is its activity's; the casts are what TypeScript can't narrow from `op`. */
function callActivity<N extends OpName>(
  read: Read,
  limits: RunLimits,
  op: N,
  carried: Carried,
  args: CallArgs<N>,
  abandon: (() => boolean) | undefined,
): Promise<unknown> {
  if (op === 'send') {
    const request = args as CallArgs<'send'>;
    return send(request.step, [carried, request], limits, abandon);
  }
  const call = [carried, args] as unknown as Parameters<Ops['report']> & Parameters<Ops['emit' | 'update']>;
  if (op === 'emit' || op === 'update') return write(op, summaryOf(op, args), call);
  return read(op as 'report', summaryOf(op, args), call, op === 'finish' ? undefined : abandon);
}

function summaryOf(op: OpName, args: object): string {
  const [object] = ['name', 'experiment', 'event'].flatMap((field) => {
    const value: unknown = Reflect.get(args, field);
    return typeof value === 'string' ? [value] : [];
  });
  return object === undefined ? op : `${op} ${object}`;
}
