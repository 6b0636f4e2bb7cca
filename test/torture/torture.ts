/** The whole of it: a world, people who live in it, trouble, the calm after it, and what must be true then. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Actor } from './actors';
import { calmDown } from './calm';
import { gatherFacts, type Facts } from './facts';
import { invariants, type Violation } from './invariants';
import { seeded, type Seeded } from '../support/seeded';
import { story } from './story';
import type { Pace } from './pace';
import { makeTrouble } from './trouble';
import { openWorld, type World } from './world';

export interface Torture {
  seed: number;
  /** How long there is trouble, at least. */
  seconds: number;
  /** It lasts until there were so many, too; with none asked for there are none. */
  deploys: number;
  /** At a time; when one's life is over, another's begins. */
  people: number;
  pace: Omit<Pace, 'deploys'>;
  /** How long the calm may take. */
  calmWithinMs: number;
  log: (line: string) => void;
  /** Ends it early, in order. */
  signal?: AbortSignal;
}

export interface Outcome {
  violations: Violation[];
  /** What there was, to see that it was worth it. */
  counts: Record<string, number>;
  /** Of the people with violations. */
  stories: string[];
}

const storiesAtMost = 3;

/** How long people live on after the last deploy, so that something starts on it. */
const afterwardsMs = 3_000;

export async function torture(options: Torture): Promise<Outcome> {
  const { seed, seconds, deploys, people, pace, calmWithinMs, log, signal } = options;
  const random = seeded(seed);
  const world = await openWorld(random);
  try {
    log(`Trouble for ${seconds} s, seed ${seed}`);
    const end = Date.now() + seconds * 1_000;
    let hasFailed = false;
    let hadTrouble = false;
    const isGivenUp = () => hasFailed || signal?.aborted === true;
    const isEnough = () => isGivenUp() || (Date.now() > end && world.known.deploys.length >= deploys);
    const trouble = async () => {
      await makeTrouble(world, random.fork('trouble'), { ...pace, deploys: deploys > 0 }, isEnough);
      await sleep(afterwardsMs);
      hadTrouble = true;
    };
    const isOver = () => hadTrouble || isGivenUp();
    const lives = Array.from({ length: people }, (_, n) => generations(world, random, n, isOver));
    await Promise.all([trouble(), ...lives]).catch((error: unknown) => {
      hasFailed = true;
      throw error;
    });
    world.peer.difficult = false;
    log('Calm');
    const left = await calmDown(world, calmWithinMs, signal);
    if (Object.keys(left).length > 0) log(`Still on its way: ${JSON.stringify(left)}`);
    return judge(await gatherFacts(world));
  } finally {
    await world.close();
  }
}

/** One life after another, until it is over. */
async function generations(world: World, random: Seeded, n: number, isOver: () => boolean): Promise<void> {
  for (let life = 0; !isOver(); life++) {
    const name = `p${n}-${life}`;
    const own = random.fork(name);
    await new Actor(world, name, own).live(isOver, 8 + own.below(25));
  }
}

function judge(facts: Facts): Outcome {
  const violations = Object.entries(invariants).flatMap(([name, invariant]) =>
    invariant(facts).map((violation) => ({ ...violation, what: `${name}: ${violation.what}` })),
  );
  const whose = [...new Set(violations.flatMap(({ person }) => person ?? []))].slice(0, storiesAtMost);
  const count = (state: string) => facts.sends.filter((send) => send.state === state).length;
  return {
    violations,
    stories: whose.map((person) => `The story of person ${person}\n${story(facts, person)}`),
    counts: {
      events: facts.events.length,
      people: facts.people.length,
      merged: facts.merged.size,
      runs: facts.runs.length,
      heard: facts.decisions.filter(({ verdict }) => verdict === 'heard').length,
      sent: count('sent'),
      uncertain: count('uncertain'),
      attempts: facts.attempts.length,
      troubles: facts.known.troubles.length,
      stops: facts.known.stops.length,
      deploys: facts.known.deploys.length,
      'runs after a deploy': facts.runs.filter((run) =>
        facts.known.deploys.some(({ doneAt = Infinity }) => doneAt < run.wall_created_at.getTime()),
      ).length,
      'in Temporal': facts.known.inTemporal.length,
      unsubscribed: facts.known.unsubscribed.length,
      stopped: facts.known.stopped.length,
    },
  };
}
