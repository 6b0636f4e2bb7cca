/**
 * docs/report-events.md, run as it stands against a real Sojourn in production's shape, with the journeys that ship; and
 * the commands of the README and of docs/why-no-message.md, which ask the same server.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { signUserId } from '../../src/http';
import { production, secretKey, writeKey, type Production } from '../e2e/processes';
import { root } from '../house/sources';
import { until } from '../support';
import { showPage, noBrowser } from './browser-page';
import { noPython, runPython, runShell, runTypeScript, snippets, type Environment, type Ran } from './snippets';

// Each starts processes of its own: a shell, Node, a browser.
vi.setConfig({ testTimeout: 120_000 });

const document = 'docs/report-events.md';
let stack: Production;
let env: Environment;

beforeAll(async () => {
  stack = await production({ roles: { all: 'api,router,worker' }, contentDir: root });
  env = { SOJOURN: stack.url, KEY: writeKey, SECRET: secretKey, TEMPORAL_ADDRESS: stack.temporal.address };
});
afterAll(() => stack?.close());

interface Entry {
  kind: string;
  name?: string;
  journey?: string;
  verdict?: string;
  reason?: string;
  outcome?: string;
  properties?: Record<string, unknown>;
}

async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(stack.url + path, { headers: { authorization: `Bearer ${secretKey}` } });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

/** Traits are the router's to write, as decisions are: a moment after the event was accepted. */
const known = { timeout: 20_000, interval: 50 };

const timelineOf = async (person: string) =>
  (await ask<{ items: Entry[] }>(`/v1/people/${encodeURIComponent(person)}/timeline`)).items;

/** The person's events of that name, once there are some. */
async function arrived(person: string, name: string): Promise<Entry[]> {
  const events = async () =>
    (await timelineOf(person)).filter((entry) => entry.kind === 'event' && entry.name === name);
  return until(async () => {
    const found = await events().catch(() => []);
    return found.length > 0 && found;
  });
}

function expectSuccess(ran: Ran): void {
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
}

test('curl: identify, track, batch and the short form', async () => {
  const answers = [];
  for (const block of snippets(document, 'sh', 'curl')) {
    const ran = await runShell(block, env);
    expectSuccess(ran);
    answers.push(JSON.parse(ran.stdout));
  }
  expect(answers).toEqual([
    { success: true },
    { success: true },
    {
      success: true,
      accepted: 2,
      rejected: [{ index: 2, path: 'properties.method', detail: expect.any(String) }],
    },
    { accepted: 1 },
  ]);
  await expect
    .poll(() => ask('/v1/people/u1'), known)
    .toMatchObject({
      traits: { name: 'Ada', timezone: 'Europe/London' },
    });
  await expect.poll(() => ask('/v1/people/u2'), known).toMatchObject({ traits: { email: 'grace@example.com' } });
  await arrived('u1', 'add_to_cart');
  await arrived('u2', 'sign_up');
  const [short] = await arrived('u3', 'add_to_cart');
  expect(short?.properties).toMatchObject({ items: [{ item_id: 'desk-1', price: 80, quantity: 1 }], value: 80 });
});

test('two user ids that a server says to be one name one person', async () => {
  for (const block of snippets(document, 'sh', 'Who is who')) expectSuccess(await runShell(block, env));
  for (const name of ['u9', 'u3']) {
    await expect.poll(() => ask(`/v1/people/${name}`), known).toMatchObject({ userId: 'u9', otherUserIds: ['u3'] });
    await arrived(name, 'add_to_cart');
  }
});

test('the trigger form refuses whom curl has put into a run before', async () => {
  for (const block of snippets(document, 'sh', 'Ask for a journey')) {
    const ran = await runShell(block, env);
    expectSuccess(ran);
    expect(JSON.parse(ran.stdout)).toEqual({ status: 'no_action', reason: 'already_running' });
  }
});

test('the README: who somebody is and what they do begins a run', async () => {
  for (const block of snippets('README.md', 'sh', 'Try it')) expectSuccess(await runShell(block, env));
  const { runs } = await until(async () => {
    const found = await ask<{ runs: object[] }>('/v1/runs?person=ada');
    return found.runs.length > 0 && found;
  });
  expect(runs).toMatchObject([{ journey: 'cart-abandonment', person: 'ada', state: 'live' }]);
});

test('where to look when there was no message', async () => {
  const [api = '', command = ''] = snippets('docs/why-no-message.md', 'sh', 'Where to look');
  const answers = await runShell(api, env);
  expectSuccess(answers);
  expect(answers.stdout).toContain('ada@example.com');
  expect(answers.stdout).toContain('already_running');
  const said = await runShell(command, { DATABASE_URL: stack.postgres.url });
  expectSuccess(said);
  expect(said.stdout).toContain('"verdict":"refused"');
});

test("Segment's client, and its names under the plan's", async () => {
  for (const block of snippets(document, 'ts', "Segment's client")) expectSuccess(await runTypeScript(block, env));
  const [added] = await arrived('u4', 'add_to_cart');
  expect(added?.properties).toMatchObject({ items: [{ item_id: 'lamp-1', item_name: 'Lamp', price: 60 }] });
  await expect.poll(() => ask('/v1/people/u4'), known).toMatchObject({ traits: { email: 'edith@example.com' } });
});

test('the signature of a user id is the one that is asked for', async () => {
  const [made] = snippets(document, 'ts', 'A browser');
  const ran = await runTypeScript(`${made}\nprocess.stdout.write(signUserId('u5'));`, {
    SOJOURN_SIGNING_KEY: 'signing_0123456789abcdef0123456789',
  });
  expect(ran).toMatchObject({ code: 0, stdout: signUserId('signing_0123456789abcdef0123456789', 'u5') });
});

test.skipIf(noBrowser)(`a page of another site, in a browser${noBrowser ? `: ${noBrowser}` : ''}`, async () => {
  const made = await runShell('npx sojourn keys create --kind browser "Shop pages" --json', {
    DATABASE_URL: stack.postgres.url,
  });
  expectSuccess(made);
  const { key } = JSON.parse(made.stdout);
  const [script = ''] = snippets(document, 'js', 'A browser');
  const [html = ''] = snippets(document, 'html', 'A browser');
  const told = JSON.parse(/>([^]*)<\/script>/.exec(html)?.[1] ?? '');
  const signed = {
    ...told,
    url: stack.url,
    key,
    userIdSignature: signUserId('signing_0123456789abcdef0123456789', 'u5'),
  };
  const page = (settings: object) =>
    `${html.replace(/>[^]*<\/script>/, () => `>${JSON.stringify(settings)}</script>`)}<script type="module">${script}
     document.title = localStorage.getItem('visitor');</script>`;

  await showPage(page(signed));
  await arrived('u5', 'view_item');

  const visitor = await showPage(page({ url: stack.url, key }));
  await arrived(`anonymous:${visitor.title}`, 'view_item');

  const forged = await showPage(page({ ...signed, userId: 'somebody-else' }));
  expect(forged.warnings).toEqual([expect.stringContaining('userIdSignature')]);
  await expect(timelineOf('somebody-else')).rejects.toThrow('Nobody is known');
});

test("Temporal's own client, in TypeScript", async () => {
  const [block = ''] = snippets(document, 'ts', "Temporal's own client");
  const ran = await runTypeScript(block, env);
  expectSuccess(ran);
  expect(block).toContain(`// ${ran.stdout.trim()}`);
  expect(JSON.parse(ran.stdout)).toEqual({ outcome: 'converted', reason: 'goal purchase' });
  await arrived('u6', 'purchase');
});

test.skipIf(noPython)(`Temporal's own client, in Python${noPython ? `: ${noPython}` : ''}`, async () => {
  const [block = ''] = snippets(document, 'python', "Temporal's own client");
  const ran = await runPython(block, env);
  expectSuccess(ran);
  expect(block).toContain(`# ${ran.stdout.trim()}`);
  expect(await timelineOf('u7')).toContainEqual(
    expect.objectContaining({ kind: 'run_ended', outcome: 'exited', reason: 'logout' }),
  );
});

test('the careful client sends again until it is told, and the event counts once', async () => {
  const [block = ''] = snippets(document, 'ts', 'When the answer is not 2xx');
  const difficult = await difficultWay(stack.url);
  try {
    expectSuccess(await runTypeScript(block, { ...env, SOJOURN: difficult.url }));
    expect(difficult.requests()).toBe(3);
  } finally {
    await difficult.close();
  }
  expect(await arrived('u8', 'login')).toHaveLength(1);
});

/** A way to the server that at first is told to wait, then loses an answer, and then works. */
async function difficultWay(target: string) {
  let requests = 0;
  const pass = async (req: IncomingMessage, res: ServerResponse) => {
    const nth = ++requests;
    if (nth === 1) return res.writeHead(503, { 'retry-after': '1' }).end();
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const { authorization = '', 'content-type': type = '' } = req.headers;
    const answer = await fetch(target + req.url, {
      method: 'POST',
      headers: { authorization, 'content-type': type },
      body: Buffer.concat(chunks),
    });
    const text = await answer.text();
    return nth === 2 ? res.destroy() : res.writeHead(answer.status).end(text);
  };
  const server = createServer((req, res) => void pass(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    close: () => new Promise((resolve) => void (server.closeAllConnections(), server.close(resolve))),
  };
}
