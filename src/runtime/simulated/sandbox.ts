/**
 * What a body finds of the globals: what Temporal's sandbox gives it, on the simulated clock. A body that asks Node for
 * more would pass here and fail there, so it asks in vain here too. While a simulation is under way, these globals are
 * looked up by who asks: a body, and what it calls, has its own; everybody else, checks among them, has Node's.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { lackingGlobals, type Journey } from '../../journey';
import { bundledProcess } from './bundled-process';
import type { Scheduler } from './scheduler';

const ownGlobals = ['Date', 'setTimeout', 'clearTimeout', 'console'] as const;
type Name = (typeof lackingGlobals)[number] | (typeof ownGlobals)[number];

/** What a body finds; what is not in it, it does not. */
interface Sandbox {
  found: Partial<Record<Name, unknown>>;
  /** What was looked for last, and not found. */
  looked?: Name;
}

const asking = new AsyncLocalStorage<Sandbox | undefined>();
/** As Node has them, or whoever replaced them since. */
const outside = new Map<Name, unknown>();
const before = new Map<Name, PropertyDescriptor>();
let simulations = 0;

/** The globals of the bodies on this clock. */
export function sandboxOf(scheduler: Scheduler) {
  const found = {
    Date: dateOn(scheduler),
    ...timersOn(scheduler),
    console: heardOutside(console),
    process: bundledProcess,
  };
  return {
    /** The same journey, whose body has the sandbox's globals. */
    confined(journey: Journey): Journey {
      const body: Journey['body'] = async (j) => {
        const sandbox: Sandbox = { found };
        try {
          return await asking.run(sandbox, () => journey.body(j));
        } catch (error) {
          throw asThere(error, sandbox);
        }
      };
      return { ...journey, body };
    },
    /** What a body asks of the world is answered outside. */
    leave: <T>(work: () => T): T => asking.run(undefined, work),
  };
}

/** Has globals looked up by who asks, while `work` is under way. */
export async function withSandboxes<T>(work: () => Promise<T>): Promise<T> {
  if (simulations++ === 0) for (const name of [...lackingGlobals, ...ownGlobals]) divide(name);
  try {
    return await work();
  } finally {
    if (--simulations === 0) for (const [name, descriptor] of before) restore(name, descriptor);
  }
}

function divide(name: Name): void {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  if (!descriptor?.configurable) return;
  before.set(name, descriptor);
  outside.set(name, (globalThis as Record<string, unknown>)[name]); // by its name, whichever it is
  Object.defineProperty(globalThis, name, {
    configurable: true,
    enumerable: descriptor.enumerable,
    get: () => {
      const sandbox = asking.getStore();
      if (!sandbox) return outside.get(name);
      const found = sandbox.found[name];
      if (found === undefined) sandbox.looked = name;
      return found;
    },
    // Fake timers, for one, replace what is there.
    set: (value: unknown) => void outside.set(name, value),
  });
}

function restore(name: Name, descriptor: PropertyDescriptor): void {
  const value = outside.get(name);
  Object.defineProperty(globalThis, name, 'value' in descriptor ? { ...descriptor, value } : descriptor);
}

function dateOn(scheduler: Scheduler): DateConstructor {
  const now = () => Math.floor(scheduler.now);
  return new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: (target) => new target(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
}

/** Temporal's are timers of the run: they take the clock's time. */
function timersOn(scheduler: Scheduler) {
  const live = new Set<number>();
  let last = 0;
  return {
    setTimeout: (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): number => {
      const timer = ++last;
      live.add(timer);
      void scheduler
        .wait(scheduler.now + Math.max(1, ms), () => !live.has(timer))
        .then(() => live.delete(timer) && callback(...args));
      return timer;
    },
    clearTimeout: (timer: number): void => void live.delete(timer),
  };
}

/** Whatever prints may need what a body has not. */
function heardOutside(real: Console): Console {
  return new Proxy(real, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown =>
        asking.run(undefined, () => Reflect.apply(member, target, args) as unknown);
    },
  });
}

/** In the words of the sandbox, where such a name is not defined; here it is, as undefined. */
function asThere(error: unknown, { looked }: Sandbox): unknown {
  if (!(error instanceof TypeError) || looked === undefined) return error;
  const [, called] = /([\w$]+) is not a (?:function|constructor)$/.exec(error.message) ?? [];
  const [, read] = /^Cannot read properties of undefined \(reading '([\w$]+)'\)$/.exec(error.message) ?? [];
  const wasMeant = called === looked || (read !== undefined && has(outside.get(looked), read));
  return wasMeant ? new ReferenceError(`${looked} is not defined`, { cause: error }) : error;
}

const has = (holder: unknown, key: string): boolean =>
  (typeof holder === 'object' || typeof holder === 'function') && holder !== null && key in holder;
