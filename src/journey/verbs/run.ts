/**
 * One run of a journey: what it has been told, whether it has ended, its trace, and its calls through the port. The
 * verbs stand on it. It promises that nothing is done after the run has ended: every verb throws first, however the
 * body catches, and the run's outcome is then the ending's.
 *
 *   running ──told an end · an answer says ended · j.exit──▶ ended ──▶ finished (one last call carries the trace)
 *      │ body returns or throws ─────────────────────────────▲
 *      └──an answer says stale──▶ gone (silent: the row belongs to another run)
 */
import { ContentError, SojournError } from '../../errors';
import { stepKey } from '../ids';
import { Abandoned, type Carried, type OpName, type Ops, type Port } from '../port';
import type { Ending, JourneyEvent, StartArgs, Told, TraceStep } from '../run-data';
import { asStorableJson } from '../storable';
import { story } from './story';

/** Thrown by verbs once the run has ended. Bodies can't do anything about it, so it is not for them to catch. */
export class RunEnded extends SojournError {
  readonly code = 'run_ended';
}

/** An ordinary body can't be rolled over, so that its history stays bounded it hears this many events and no more. */
const hearingLimit = 5_000;
/** A body that goes on calling verbs after this many refusals loops over a `catch`; it is then left waiting for ever. */
const patience = 100;

type Value<N extends OpName> = Awaited<ReturnType<Ops[N]>>['value'];

export class Run {
  /** Events told and not yet consumed, in order. */
  readonly inbox: JourneyEvent[] = [];
  /** How often the run was told that something which held a send back may have changed. */
  wakes = 0;
  ended?: Ending;
  gone = false;
  /** The first misuse of a verb: it fails the body, also one that did not wait to hear of it. */
  misused?: ContentError;

  private lastNumber: number;
  private readonly seen = new Set<string>();
  private readonly names = new Map<string, number>();
  private readonly trace: TraceStep[] = [];
  private carried = 0;
  private calledSinceWait = false;
  private waited = false;
  private refusals = 0;
  private inFlight = new Set<Promise<unknown>>();
  /** Called when the body has lost the right to go on. */
  onGivenUp: () => void = () => {};

  constructor(
    readonly start: StartArgs,
    private readonly port: Port,
  ) {
    this.lastNumber = start.run.number;
    this.seen.add(start.event.id);
  }

  // What it is told -------------------------------------------------------------------------------------------------

  told(items: Told[]): void {
    for (const item of items) {
      if (item.n <= this.lastNumber) continue;
      this.lastNumber = item.n;
      if (item.kind === 'end') this.end(item.ending);
      else if (item.kind === 'wake') this.wakes++;
      else this.hear(item.event);
    }
  }

  /** Takes an event in, once: also one that was read from the store before it was told. */
  hear(event: JourneyEvent, place = this.inbox.length): boolean {
    if (this.ended || this.seen.has(event.id)) return false;
    if (this.seen.size > hearingLimit) return false;
    this.seen.add(event.id);
    if (this.seen.size > hearingLimit) this.record('hear', 'stopped', { limit: hearingLimit });
    this.inbox.splice(place, 0, event);
    return true;
  }

  /** The first ending counts. */
  end(ending: Ending): void {
    this.ended ??= ending;
  }

  // What verbs do ---------------------------------------------------------------------------------------------------

  /** Throws if the run has ended. Every verb calls it first. */
  assertLive(): void {
    if (!this.ended && !this.gone) return;
    if (++this.refusals >= patience) this.onGivenUp();
    throw new RunEnded(`This run has ended: ${this.ended?.outcome ?? 'its row is gone'}.`);
  }

  /**
   * Takes in what the store has for this run, and it was not told: what came after the start. It comes before what was
   * accepted later and has been told already: what it was told before that is lost where somebody resets it in Temporal.
   */
  hearLate(event: JourneyEvent): void {
    const { event: trigger } = this.start;
    if (event.acceptedAt === trigger.acceptedAt && !isLater(event, trigger)) return;
    const next = this.inbox.findIndex((told) => isLater(told, event));
    this.hear(event, next < 0 ? undefined : next);
  }

  /** A body that loops was given up: its verbs never come back. */
  get isGivenUp(): boolean {
    return this.refusals >= patience;
  }

  /** A step's name: its verb and its object; equal ones are numbered. */
  name(step: string): string {
    const count = (this.names.get(step) ?? 0) + 1;
    this.names.set(step, count);
    return count === 1 ? step : `${step} #${count}`;
  }

  stepKey(step: string): string {
    return stepKey(this.start.run, step);
  }

  now(): number {
    return this.port.now();
  }

  record(step: string, result: string, why?: Record<string, unknown>): void {
    const given = Object.entries(why ?? {}).filter(([, value]) => value !== undefined);
    this.trace.push({ at: this.port.now(), step, result, ...(given.length > 0 && { why: Object.fromEntries(given) }) });
    this.port.tell(story(this.trace, this.start.startedAt));
  }

  /**
   * Waits until `woken()` or the stack's time `until`. Before it the trace is carried out. Throws when the run ends
   * meanwhile; the step then shows how. A step that an end forestalled does not show.
   */
  async wait(step: string, until: number | undefined, woken?: () => boolean): Promise<'woken' | 'expired'> {
    return this.waitAnnounced(step, await this.announce(step, until), woken);
  }

  /**
   * Carries out the trace and what will be waited for. Returns until when: the answer's time counts, not the one
   * given. Temporal tells a workflow that is gone through again a later time than the first time, where its worker had stood
   * still in a call: what followed from the time before that call would be another thing, and the run could never go on.
   */
  async announce<U extends number | undefined>(step: string, until: U): Promise<U> {
    if (this.waited && this.calledSinceWait && this.carried >= this.trace.length) return until;
    const announced = await this.call('report', { waiting: { step, until } });
    // Only a time is answered where one was given.
    return (announced?.until as U | undefined) ?? until;
  }

  /** The wait itself, after `announce`. */
  async waitAnnounced(
    step: string,
    until: number | undefined,
    woken: () => boolean = () => false,
  ): Promise<'woken' | 'expired'> {
    this.waited = true;
    this.assertLive();
    this.calledSinceWait = false;
    this.port.tell(story(this.trace, this.start.startedAt, { step, until }));
    const came = await this.port.wait(step, until, () => this.ended !== undefined || woken());
    this.assertLiveAt(step);
    return came;
  }

  /**
   * Calls an operation, with the trace since the last call. Throws when the answer says that the run had ended before,
   * so that nothing was done: `waited` is then the step that had begun to wait. What ends the run meanwhile, the
   * operation itself included, is thrown by the next verb; a send always answers what it came to.
   */
  call<N extends OpName>(op: N, args: Parameters<Ops[N]>[1], waited?: string): Promise<Value<N>> {
    const given = asStorableJson(args);
    const carried = this.carry();
    this.calledSinceWait = true;
    const calling = this.port
      .call(op, carried, given, () => this.ended !== undefined)
      .then(
        (answer): Value<N> => {
          this.inFlight.delete(calling);
          if (answer.stale) this.gone = true;
          if (answer.ended) this.end(answer.ended);
          if ((answer.stale || answer.ended) && op !== 'send') {
            if (waited === undefined) this.assertLive();
            else this.assertLiveAt(waited);
          }
          return answer.value;
        },
        (error: unknown) => {
          this.inFlight.delete(calling);
          if (error instanceof Abandoned) this.assertLive();
          throw error;
        },
      );
    this.inFlight.add(calling);
    return calling;
  }

  /** Throws if the run has ended, and shows in the trace that this step, which had begun to wait, was what it ended. */
  assertLiveAt(step: string): void {
    if (this.ended && !this.gone)
      this.record(step, 'ended', { outcome: this.ended.outcome, reason: this.ended.reason });
    this.assertLive();
  }

  /** The last call: carries the trace out and ends the row, unless something else has ended it: then that counts. */
  async finish(ending: Ending): Promise<Ending> {
    if (this.inFlight.size > 0) await Promise.allSettled(this.inFlight);
    if (this.gone) return { outcome: 'superseded', reason: 'its row belongs to another run', at: this.now() };
    this.end(ending);
    const final = this.ended ?? ending;
    const answer = await this.port.call('finish', this.carry(), asStorableJson({ ending: final }));
    return answer.ended ?? final;
  }

  /** The trace since the last call: what the next one carries. */
  private carry(): Carried {
    const position = this.carried;
    this.carried = this.trace.length;
    return { run: this.start.run, position, steps: asStorableJson(this.trace.slice(position)) };
  }
}

/** What shared a commit has one time; ids are drawn in the order of acceptance. */
function isLater(one: JourneyEvent, than: JourneyEvent): boolean {
  if (one.acceptedAt !== than.acceptedAt) return one.acceptedAt > than.acceptedAt;
  return BigInt(one.id) > BigInt(than.id);
}

/** A verb was used in a way that types can't catch: the body fails by this name. */
export function misuse(start: StartArgs, step: string, what: string, remedy: string): ContentError {
  return new ContentError(`workflows/${start.run.journey}.ts, ${step}`, what, remedy);
}
