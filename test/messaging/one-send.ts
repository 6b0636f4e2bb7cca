/** A process that makes one send, to be killed in the middle of it. */
import { createClock } from '../../src/clock';
import { openDatabase } from '../../src/db';
import type { Carried, SendRequest } from '../../src/journey';
import { makeSender, plainMessages } from './setup';

interface Job {
  databaseUrl: string;
  smtpUrl: string;
  folder: string;
  carried: Carried;
  request: SendRequest;
}

// Written by the test beside this file.
const { databaseUrl, smtpUrl, folder, carried, request } = JSON.parse(process.argv[2] ?? '') as Job;
const sender = makeSender({
  db: openDatabase({ url: databaseUrl }),
  clock: createClock({ epoch: Date.now(), scale: 1 }),
  messages: await plainMessages(folder),
  smtpUrl,
});
await sender.send(carried, request);
process.exit(0);
