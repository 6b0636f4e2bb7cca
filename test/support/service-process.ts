/**
 * A service of docker-compose.yml as a plain process of this machine: its own command and environment, with the names,
 * ports and mounted paths that only containers have replaced by this machine's.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Service } from './compose-file';
import { until } from './until';

export interface Surroundings {
  /** What stands in commands and environments, and by what it is replaced; the longest is looked for first. */
  replace: Record<string, string>;
  /** Further environment of every process; it wins. */
  environment: NodeJS.ProcessEnv;
  /** Where the image's files are. */
  folder: string;
  /** What starts each command, in place of this process itself. */
  within?: string[];
}

export interface Outcome {
  /** The exit code, or the signal that ended it. */
  ended: number | string;
  output: string;
}

export interface ServiceProcess {
  name: string;
  pid: number;
  output(): string;
  /** Asks by its own health check until that passes. */
  healthy(withinMs: number): Promise<void>;
  /** One health check. */
  check(): Promise<Outcome>;
  /** SIGTERM, and waits as long as Compose would; then it is killed, which shows in how it ended. */
  stop(): Promise<Outcome>;
  /** Waits for its end. */
  ended(): Promise<Outcome>;
}

/** Starts the service's command, or the one given in its place, in its environment. */
export function startService(service: Service, around: Surroundings, command = service.command): ServiceProcess {
  const environment = environmentOf(service, around);
  const child = start(command);
  const pid = child.process.pid ?? 0;

  function start(given: string[]) {
    const [named = '', ...rest] = given.map((text) => replaced(text, service, around));
    // The image's node is the one that runs this.
    const own = [named === 'node' ? process.execPath : named, ...rest];
    const [program = '', ...args] = [...(around.within ?? []), ...own];
    const spawned = spawn(program, args, {
      cwd: around.folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [spawned.stdout, spawned.stderr]) {
      stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-100_000)));
    }
    const ended = once(spawned, 'close').then(
      ([code, signal]) => ({ ended: (code ?? signal) as number | string, output }),
      (error: unknown) => ({ ended: String(error), output }),
    );
    return { process: spawned, ended, output: () => output };
  }

  const check = async () => {
    if (!service.healthcheck) throw new Error(`${service.name} has no health check.`);
    return start(service.healthcheck).ended;
  };
  return {
    name: service.name,
    pid,
    output: child.output,
    check,
    async healthy(withinMs) {
      await until(
        async () => {
          if (child.process.exitCode !== null) throw new Error('it ended');
          const { ended, output } = await check();
          if (ended !== 0) throw new Error(output);
          return true;
        },
        { withinMs, everyMs: 250, what: `the health of ${service.name}` },
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}. It said:\n${child.output().slice(-3_000)}`);
      });
    },
    async stop() {
      const { process: running } = child;
      if (running.exitCode === null && running.signalCode === null) running.kill('SIGTERM');
      const late = setTimeout(() => running.kill('SIGKILL'), service.stopGraceMs);
      const outcome = await child.ended;
      clearTimeout(late);
      return outcome;
    },
    ended: () => child.ended,
  };
}

function environmentOf(service: Service, around: Surroundings): NodeJS.ProcessEnv {
  const own = Object.entries(service.environment).map(([name, value]) => [name, replaced(value, service, around)]);
  // Nothing of this process's own settings reaches it, as in a container.
  const { PATH, HOME, LANG } = process.env;
  return { PATH, HOME, LANG, ...Object.fromEntries(own), ...around.environment };
}

function replaced(text: string, { mounts }: Service, { replace }: Surroundings): string {
  const root = new URL('../..', import.meta.url).pathname;
  // Without the slash before it, so that a path given in two arguments is met, too.
  const mounted = Object.entries(mounts).map(([to, from]) => [to.slice(1), `${root}${from}`.slice(1)] as const);
  return [...mounted, ...Object.entries(replace)]
    .sort(([a], [b]) => b.length - a.length)
    .reduce((result, [from, to]) => result.replaceAll(from, to), text);
}
