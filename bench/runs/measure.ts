/** Drives one program with the cart workload and counts what came of it. */
import { Client, Connection } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram, type Child } from '../child';
import { cpuMsEach, cpuSecondsOf } from '../cpu';
import type { PeopleQuestion } from '../load/people';
import type { Mail } from '../load/smtp-peer';
import type { Parts } from '../parts';
import { addressOf, personId, workload, type Arrivals, type Visit } from './workload';

export interface Side {
  name: string;
  port: number;
  path: string;
  headers: Record<string, string>;
  workflowType: string;
  /** The program's processes, by what they are. */
  pids: Record<string, number>;
  /** Makes known, before they come, what each program needs to know of people: their carts, or their addresses. */
  prepare(people: string[]): Promise<void>;
  stop(): Promise<void>;
}

export interface Measured {
  name: string;
  runs: number;
  seconds: number;
  runsPerSecond: number;
  /** Processor time a run in milliseconds, by process: the program's own, and `postgres` and `temporal`. */
  cpuPerRunMs: Record<string, number>;
  eventsPerRun: number;
  eventsOfReminded: number;
  eventsOfBuyers: number;
  /** Seconds by which reminders came after they were due. */
  lateP50: number;
  lateP90: number;
  lateP99: number;
  /** What differs from: each who didn't buy has one mail, nobody else any, one run a person. */
  wrong: string[];
}

export interface Sizes {
  people: number;
  arrive: Arrivals;
  giveUpAfterMs: number;
}

/** Sends the people, waits until every run is closed and every mail has come, and reads the histories' lengths. */
export async function measure(side: Side, parts: Parts, prefix: string, sizes: Sizes): Promise<Measured> {
  await side.prepare(Array.from({ length: sizes.people }, (_, index) => personId(prefix, index)));
  const connection = await Connection.connect({ address: parts.temporalAddress });
  const client = new Client({ connection });
  const crowd = await startProgram('load/people.ts');
  try {
    await parts.smtp.ask<Mail[]>('take');
    const { port, path, headers } = side;
    const pids = { ...side.pids, ...parts.pids };
    const cpuBefore = cpuSecondsOf(pids);
    const visits = await crowd.ask<Visit[]>({ port, path, headers, prefix, ...sizes } satisfies PeopleQuestion);
    const from = Math.min(...visits.map((visit) => visit.firstSentAt));
    await untilSettled(client, side, parts.smtp, visits, sizes.giveUpAfterMs);
    const cpuAfter = cpuSecondsOf(pids);
    const mails = await parts.smtp.ask<Mail[]>('take');
    const runs = await closedRuns(client, side, prefix);
    const cpuPerRunMs = cpuMsEach(cpuBefore, cpuAfter, runs.length);
    return { ...judge(side.name, visits, mails, runs, from), cpuPerRunMs };
  } finally {
    await crowd.stop();
    await connection.close();
  }
}

async function untilSettled(client: Client, side: Side, smtp: Child, visits: Visit[], giveUpAfterMs: number) {
  const due = visits.filter((visit) => !visit.buys).length;
  const giveUpAt = Date.now() + giveUpAfterMs;
  while (Date.now() < giveUpAt) {
    await sleep(1_000);
    if ((await smtp.ask<number>('count')) < due) continue;
    const query = `WorkflowType = '${side.workflowType}' AND ExecutionStatus = 'Running'`;
    if ((await client.workflow.count(query)).count === 0) return;
  }
}

interface ClosedRun {
  person: string;
  historyLength: number;
  closedAt: number;
}

/** From Temporal's own records, after the measurement. */
async function closedRuns(client: Client, side: Side, prefix: string): Promise<ClosedRun[]> {
  const runs: ClosedRun[] = [];
  for await (const run of client.workflow.list({ query: `WorkflowType = '${side.workflowType}'` })) {
    const person = run.workflowId.slice(run.workflowId.indexOf('/') + 1);
    if (!person.startsWith(`${prefix}-`) || !run.closeTime) continue;
    runs.push({ person, historyLength: run.historyLength, closedAt: run.closeTime.getTime() });
  }
  return runs;
}

function judge(
  name: string,
  visits: Visit[],
  mails: Mail[],
  runs: ClosedRun[],
  from: number,
): Omit<Measured, 'cpuPerRunMs'> {
  const buyers = new Set(visits.filter((visit) => visit.buys).map((visit) => visit.id));
  const until = Math.max(...runs.map((run) => run.closedAt), ...mails.map((mail) => mail.at));
  const seconds = (until - from) / 1000;
  const mean = (of: ClosedRun[]) => of.reduce((sum, run) => sum + run.historyLength, 0) / of.length;
  const came = new Map<string, Mail[]>();
  for (const mail of mails) came.set(mail.to, [...(came.get(mail.to) ?? []), mail]);
  const reminded = visits
    .filter((visit) => !visit.buys)
    .flatMap(({ id, lastSentAt, lastAnsweredAt }) => {
      const [first] = came.get(addressOf(id)) ?? [];
      if (!first) return [];
      const idleAt = first.at - workload.idleMs;
      return [{ isEarly: idleAt < lastSentAt, late: (idleAt - lastAnsweredAt) / 1000 }];
    });
  const late = reminded.map((one) => one.late).sort((a, b) => a - b);
  const lateAt = (share: number) => late[Math.floor(late.length * share)] ?? NaN;
  // A buyer's run may have ended before Temporal had to be told of it.
  const ran = new Set(runs.map((run) => run.person));
  const count = (what: string, n: number) => (n > 0 ? [`${n} ${what}`] : []);
  const mailsTo = (visit: Visit) => came.get(addressOf(visit.id))?.length ?? 0;
  return {
    name,
    runs: runs.length,
    seconds,
    runsPerSecond: runs.length / seconds,
    eventsPerRun: mean(runs),
    eventsOfReminded: mean(runs.filter((run) => !buyers.has(run.person))),
    eventsOfBuyers: mean(runs.filter((run) => buyers.has(run.person))),
    lateP50: lateAt(0.5),
    lateP90: lateAt(0.9),
    lateP99: lateAt(0.99),
    wrong: [
      ...count('without their reminder', visits.filter((v) => !v.buys && mailsTo(v) === 0).length),
      ...count('reminded twice', visits.filter((v) => mailsTo(v) > 1).length),
      ...count('reminded though they bought', visits.filter((v) => v.buys && mailsTo(v) > 0).length),
      ...count('reminded early', reminded.filter((one) => one.isEarly).length),
      ...count('runs missing', visits.filter((v) => !v.buys && !ran.has(v.id)).length),
      ...count('runs too many', runs.length - visits.length),
    ],
  };
}
