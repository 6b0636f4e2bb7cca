/** How much processor time programs have taken: says more than the clock where a machine is not idle. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100; // USER_HZ, the same on every Linux that Node runs on

interface Process {
  pid: number;
  parent: number;
  /** Its own and that of children that have ended, in ticks. */
  ticks: number;
}

/** Seconds of processor time of these processes with all below them, those that have ended included; or NaN. */
function cpuSeconds(pids: number[]): number {
  const all = processes();
  if (all.length === 0) return NaN;
  const wanted = new Set(pids);
  // A child may stand before its parent in the list: go on until nothing is added.
  for (let size = 0; size < wanted.size;) {
    size = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  }
  const ticks = all.filter(({ pid }) => wanted.has(pid)).reduce((sum, each) => sum + each.ticks, 0);
  return ticks / ticksPerSecond;
}

/** Seconds of each of these, by name, with all below it. */
export function cpuSecondsOf(pids: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds([pid])]));
}

/** What each took between two readings, divided by `count`, in milliseconds. */
export function cpuMsEach(
  before: Record<string, number>,
  after: Record<string, number>,
  count: number,
): Record<string, number> {
  const each = Object.entries(after).map(([name, seconds]) => [name, ((seconds - (before[name] ?? 0)) / count) * 1000]);
  return Object.fromEntries(each) as Record<string, number>;
}

function processes(): Process[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => statOf(Number(name)) ?? []);
  } catch {
    return [];
  }
}

/** See proc(5): fields are counted from after the name, which may hold spaces and brackets. */
function statOf(pid: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return undefined; // it ended meanwhile
  }
}
