import { sql } from 'kysely';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, freshNamespace, smtpPeer, type FreshDatabase, type SmtpPeer } from '../support';

describe('a fresh database', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  test('is migrated and empty', async () => {
    expect(await database.db.selectFrom('runs').selectAll().execute()).toEqual([]);
    const { rows } = await sql<{ name: string }>`select name from sojourn.migrations`.execute(database.db);
    expect(rows.length).toBeGreaterThan(0);
  });

  test('shares nothing with another', async () => {
    const other = await freshDatabase();
    await other.db.insertInto('settings').values({ name: 'x', value: '1' }).execute();
    expect(await database.db.selectFrom('settings').selectAll().execute()).toEqual([]);
    await other.drop();
  });
});

test('a fresh namespace takes workflows with search attributes at once', async () => {
  const { Connection, Client } = await import('@temporalio/client');
  const { address, namespace } = await freshNamespace();
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const handle = await client.workflow.start('any', {
    workflowId: 'any',
    taskQueue: 'none',
    args: [],
    searchAttributes: { SojournJourney: ['cart-abandonment'] },
  });
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await connection.close();
});

describe('the SMTP peer', () => {
  let peer: SmtpPeer;
  beforeAll(async () => {
    peer = await smtpPeer();
  });
  afterAll(() => peer.close());

  const send = (): Promise<unknown> => {
    const transport = createTransport(peer.url);
    const mail = { from: 'shop@example.com', to: 'ann@example.com', subject: 'Hello', text: 'Hi', messageId: '<1@x>' };
    return transport.sendMail(mail).finally(() => transport.close());
  };

  test('keeps what it takes', async () => {
    await send();
    expect(peer.mails.at(-1)).toMatchObject({ to: ['ann@example.com'], subject: 'Hello', messageId: '<1@x>' });
  });

  test('refuses with the code it was told', async () => {
    peer.refuse(451);
    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    peer.refuse(undefined);
    expect(peer.mails).toHaveLength(1);
  });

  test('takes a mail and drops the connection without an answer', async () => {
    peer.drop(true);
    await expect(send()).rejects.toThrow();
    peer.drop(false);
    expect(peer.mails).toHaveLength(2);
  });

  test('goes away and comes back on the same port', async () => {
    await peer.stop();
    await expect(send()).rejects.toThrow('ECONNREFUSED');
    await peer.start();
    await send();
    expect(peer.mails).toHaveLength(3);
  });
});
