/**
 * New code, again and again, rolled out process by process while everything else goes on: each is stopped in order and
 * started on the newest generation. A generation may come before the one before it is everywhere.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { generationsOf } from './contents';
import { sleepUnless, type Pace } from './pace';
import type { Seeded } from '../support/seeded';
import { restart, type Target } from './targets';
import type { World } from './world';

/** Resolves when `until` says so and every process is on the newest generation. */
export async function deployAgainAndAgain(
  world: World,
  targets: readonly Target[],
  random: Seeded,
  { everyMs }: Pace,
  until: () => boolean,
): Promise<void> {
  const { contents, known, serving } = world;
  const processes = targets.filter(({ stop }) => stop);
  const rolled = new AbortController();
  const watching = watch(world, rolled.signal);
  try {
    let round: Target[] = [];
    for (let restarts = 0; !until(); restarts++) {
      if (restarts === 0 || random.chance(0.5)) {
        await contents.next();
        known.deploys.push({ generation: contents.generation(), from: Date.now() });
      }
      if (round.length === 0) round = shuffled(processes, random);
      const [next, ...others] = round;
      round = others;
      await next!.alone(() => restart(world, next!)); // a round is never empty
      await sleepUnless(until, random.between(0, 0.2) * everyMs);
    }
    const isBehind = ({ name }: Target) => (serving.get(name) ?? 0) < contents.generation();
    for (const one of processes) await one.alone(async () => (isBehind(one) ? restart(world, one) : undefined));
  } finally {
    rolled.abort();
    await watching;
  }
}

/** The generation that Temporal gives new runs to; undefined when it is not known now. */
export async function currentGeneration({ stack, temporal }: World): Promise<number | undefined> {
  const { namespace } = stack.temporal;
  const asked = { namespace, deploymentName: 'sojourn' };
  const { workerDeploymentInfo } = await temporal.workflowService.describeWorkerDeployment(asked);
  const version = workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId ?? '';
  return (await generationsOf(stack.db)).get(version);
}

/** Writes down which deploys are done. */
async function watch(world: World, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const everywhere = Math.min(...world.serving.values());
    const open = world.known.deploys.filter(
      ({ generation, doneAt }) => generation <= everywhere && doneAt === undefined,
    );
    // The store or Temporal may be away; it is asked again.
    const current = open.length > 0 ? await currentGeneration(world).catch(() => undefined) : undefined;
    for (const deploy of open) if (deploy.generation <= (current ?? -1)) deploy.doneAt = Date.now();
    await sleep(250, undefined, { signal }).catch(() => undefined);
  }
}

function shuffled<T>(all: readonly T[], random: Seeded): T[] {
  return all
    .map((one) => [random.next(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);
}
