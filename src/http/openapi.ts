/** The API's description in OpenAPI 3.1, made of the schemas that requests are checked with. */
import { z } from 'zod';
import {
  batchSchema,
  callSchemas,
  maxBatchBytes,
  maxBatchCalls,
  maxEventBytes,
  shortFormSchema,
  type Plan,
} from '../events';
import { newKeyBody } from './api-keys';
import { auditQuery } from './audit';
import { sessionCookie } from './cookies';
import { inboxQuery } from './inbox';
import { journeyQuery } from './journeys';
import { messagesQuery, settleBody } from './messages';
import { overviewQuery } from './overview';
import { peopleQuery, timelineQuery } from './people';
import { problemTypes, problemUri } from './problem';
import { exitBody, runsQuery } from './runs';
import { csrfHeader } from './same-origin';
import { signInBody } from './session';
import { triggerSchema } from './triggers';

type Json = Record<string, unknown>;

function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

const problem = { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
const problems: Record<number, string> = {
  400: 'Not JSON, or a field is wrong',
  401: 'No key, or an unknown one',
  403: 'A key that may not do this',
  404: 'There is no such thing',
  409: 'The state does not allow it, or the first request is still being handled',
  413: `Larger than ${maxEventBytes / 1024} KB, a batch than ${maxBatchBytes / 1024} KB or ${maxBatchCalls} calls`,
  415: 'Not JSON by its content-type',
  422: 'The Idempotency-Key came with another body before',
  429: 'Too many requests; Retry-After says when',
  503: 'The store is away; Retry-After says when',
};
const problemOf = (description: string): Json => ({ description, ...problem });
const failing = (...statuses: number[]): Json =>
  Object.fromEntries(statuses.map((status) => [status, { description: problems[status], ...problem }]));
const json = (description: string, schema: Json = { type: 'object' }): Json => ({
  description,
  content: { 'application/json': { schema } },
});
const body = (schema: z.ZodType, required = true): Json => ({
  required,
  content: { 'application/json': { schema: jsonSchema(schema) } },
});

const writeKey = [{ basic: [] }, { bearer: [] }, {}];
const headerKey = [{ basic: [] }, { bearer: [] }, { session: [] }];
const idempotency = {
  name: 'Idempotency-Key',
  in: 'header',
  schema: { type: 'string', minLength: 1, maxLength: 256 },
  description: 'Counts as messageId; the same key and body get the same answer',
};

function inPath(name: string, description: string): Json {
  return { name, in: 'path', required: true, schema: { type: 'string' }, description };
}

function inQuery(schema: z.ZodObject): Json[] {
  const properties = jsonSchema(schema)['properties'];
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties).map(([name, of]) => ({ name, in: 'query', required: false, schema: of as Json }));
}

function report(summary: string, schema: z.ZodType, success: Json, idempotent = true): Json {
  return {
    post: {
      summary,
      tags: ['events'],
      security: writeKey,
      ...(idempotent && { parameters: [idempotency] }),
      requestBody: body(schema),
      responses: { ...success, ...failing(400, 401, 403, 409, 413, 415, 422, 429, 503) },
    },
  };
}

const segmentDone = {
  200: json('Committed', { type: 'object', properties: { success: { const: true } }, required: ['success'] }),
};
const shortDone = {
  202: json('Committed', { type: 'object', properties: { accepted: { type: 'integer' } }, required: ['accepted'] }),
};
const batchDone = {
  200: json('Committed, but for those that are rejected', {
    type: 'object',
    properties: {
      success: { const: true },
      accepted: { type: 'integer' },
      rejected: {
        type: 'array',
        items: {
          type: 'object',
          properties: { index: { type: 'integer' }, path: { type: 'string' }, detail: { type: 'string' } },
        },
        description: 'The first 100',
      },
      rejectedInAll: { type: 'integer', description: 'Given when they are more than are named' },
    },
    required: ['success'],
  }),
};
const triggerAnswer = {
  oneOf: [
    {
      type: 'object',
      properties: { status: { const: 'triggered' }, run: { type: 'string' } },
      required: ['status', 'run'],
    },
    {
      type: 'object',
      properties: { status: { const: 'no_action' }, reason: { type: 'string' } },
      required: ['status', 'reason'],
    },
  ],
};

function trigger(): Json {
  return {
    post: {
      summary: 'Asks for a journey now, with facts',
      tags: ['journeys'],
      security: headerKey,
      parameters: [inPath('journey', 'Its id, or its words in another order or form'), idempotency],
      requestBody: body(triggerSchema),
      responses: {
        200: json('The verdict', triggerAnswer),
        202: json('Committed; the verdict took too long', {
          type: 'object',
          properties: { status: { const: 'accepted' } },
        }),
        ...failing(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
      },
    },
  };
}

function read(summary: string, tag: string, parameters: Json[] = []): Json {
  return {
    get: {
      summary,
      tags: [tag],
      security: headerKey,
      parameters,
      responses: { 200: json('As it is now'), ...failing(400, 401, 403, 404, 429, 503) },
    },
  };
}

/** `done` is the status of its success. */
function act(
  summary: string,
  tag: string,
  parameters: Json[],
  requestBody?: Json,
  { method = 'post', done = 200, says = 'Done' } = {},
): Json {
  return {
    [method]: {
      summary,
      tags: [tag],
      security: headerKey,
      parameters,
      ...(requestBody && { requestBody }),
      responses: { [done]: json(says), ...failing(400, 401, 403, 404, 409, 413, 415, 429, 503) },
    },
  };
}

function open(summary: string, responses: Json, parameters: Json[] = [], method = 'get'): Json {
  return { [method]: { summary, tags: ['operations'], security: [], parameters, responses } };
}

const page = (description: string): Json => ({ description, content: { 'text/html': { schema: { type: 'string' } } } });
const token = inPath('token', 'Signed by Sojourn');
const preferences = {
  ...{ name: 'preferences', in: 'query', required: false, schema: { type: 'string' }, allowEmptyValue: true },
  description: 'Given, also without a value: the page to choose on what one gets',
};
const person = inPath('id', 'A userId, or `anonymous:` and an anonymousId');
const journey = inPath('id', 'The id of the journey');

/** Signing in to the pages. Both that change something are refused to pages of elsewhere, by the header among others. */
function session(): Json {
  const parameters = [
    {
      name: csrfHeader,
      in: 'header',
      required: true,
      schema: { const: '1' },
      description: 'Beside a same-origin Origin',
    },
  ];
  const says = json('Whether signed in, and what there is');
  return {
    get: {
      summary: 'Whether one is signed in',
      tags: ['session'],
      security: [],
      responses: { 200: says, ...failing(429, 503) },
    },
    post: {
      summary: 'Signs in, and sets the cookie',
      ...{ tags: ['session'], security: [], parameters, requestBody: body(signInBody) },
      responses: { 200: says, 401: problemOf('Not the password'), ...failing(400, 403, 413, 415, 429, 503) },
    },
    delete: {
      summary: 'Signs out',
      ...{ tags: ['session'], security: [], parameters },
      responses: { 200: says, ...failing(403, 429, 503) },
    },
  };
}

function paths(): Json {
  const key = inPath('id', 'The id of the key');
  const run = inPath('id', 'The id of the run');
  const message = inPath('id', 'The id of the message');
  const template = inPath('message', "The message's id, which is its folder's name");
  const segment = Object.entries(callSchemas).map(([type, schema]): [string, Json] => [
    `/v1/${type}`,
    report(`Segment's ${type}`, schema, segmentDone),
  ]);
  const switches = ['start', 'pause', 'resume'].map((verb): [string, Json] => [
    `/v1/journeys/{id}/${verb}`,
    act(`${verb}s the journey`, 'journeys', [journey]),
  ]);
  return {
    ...Object.fromEntries(segment),
    '/v1/batch': report("Segment's batch", batchSchema, batchDone, false),
    '/api/log_event': report('The short form', shortFormSchema, shortDone),
    '/track-event': report('The short form', shortFormSchema, shortDone),
    '/api/trigger/{journey}': trigger(),
    '/trigger/{journey}': trigger(),
    '/triggers/{journey}': trigger(),
    '/v1/journeys': read('Journeys, with counts and results', 'journeys'),
    '/v1/journeys/{id}': read('One journey, and what became of those who entered it', 'journeys', [
      journey,
      ...inQuery(journeyQuery),
    ]),
    ...Object.fromEntries(switches),
    '/v1/runs': read('Runs, newest first', 'runs', inQuery(runsQuery)),
    '/v1/runs/{id}': read('One run with its steps', 'runs', [run]),
    '/v1/runs/{id}/exit': act('Ends a run', 'runs', [run], body(exitBody, false)),
    '/v1/people': read('People, seen last first', 'people', inQuery(peopleQuery)),
    '/v1/people/{id}': read('A person: traits, consent', 'people', [person]),
    '/v1/people/{id}/timeline': read('What happened to a person, newest first', 'people', [
      person,
      ...inQuery(timelineQuery),
    ]),
    '/v1/messages': read('The ledger, newest first', 'messages', inQuery(messagesQuery)),
    '/v1/messages/{id}': read('One message with its attempts', 'messages', [message]),
    '/v1/messages/{id}/settle': act('Settles an uncertain message', 'messages', [message], body(settleBody)),
    '/v1/messages/{id}/preview': read('A message rendered anew, as text', 'messages', [message]),
    '/v1/messages/{id}/html': {
      get: {
        summary: 'The same as HTML, for a frame that may do nothing',
        tags: ['messages'],
        security: headerKey,
        parameters: [message],
        responses: { 200: page('As it would look now'), ...failing(400, 401, 403, 404, 429, 503) },
      },
    },
    '/v1/templates/paused': read('Which messages there are, and which are paused, by id', 'messages'),
    ...Object.fromEntries(
      ['pause', 'resume'].map((verb): [string, Json] => [
        `/v1/templates/{message}/${verb}`,
        act(`${verb}s sends of one message; those on their way are finished`, 'messages', [template]),
      ]),
    ),
    '/v1/overview': read('What goes on, in a window of time', 'operations', inQuery(overviewQuery)),
    '/v1/audit': read('What operators changed, newest first', 'operations', inQuery(auditQuery)),
    '/v1/keys': {
      ...read('Keys, without the keys themselves', 'keys'),
      ...act('Makes a key, which is in this answer only', 'keys', [], body(newKeyBody), { done: 201, says: 'Made' }),
    },
    '/v1/keys/{id}': act('Revokes a key', 'keys', [key], undefined, { method: 'delete' }),
    '/v1/keys/{id}/rotate': act('A new key beside an old one', 'keys', [key], undefined, { done: 201, says: 'Made' }),
    '/v1/session': session(),
    '/v1/inbox/{id}': {
      get: {
        summary: 'One mail of the inbox; on the machine itself without a key',
        tags: ['operations'],
        security: [...headerKey, {}],
        parameters: [inPath('id', 'The id of the mail')],
        responses: { 200: json('The mail'), ...failing(400, 401, 403, 404, 429) },
      },
    },
    '/v1/inbox': {
      get: {
        summary: 'Mails that were sent, in development; on the machine itself without a key',
        tags: ['operations'],
        security: [{ basic: [] }, { bearer: [] }, {}],
        parameters: inQuery(inboxQuery),
        responses: { 200: json('Newest first'), ...failing(400, 401, 403, 404, 429) },
      },
    },
    '/t/{token}': open(
      'Notes the click and leads on',
      { 302: { description: 'To the address in the store' }, 404: page('Unknown'), ...failing(503) },
      [token],
    ),
    '/u/{token}': {
      ...open(
        'Asks whether to unsubscribe, or with `preferences` what to get; changes nothing',
        { 200: page('Asks'), 404: page('Unknown'), ...failing(503) },
        [token, preferences],
      ),
      ...open(
        'Unsubscribes (RFC 8058); with `preferences` saves what its form says',
        { 200: page('Done'), 400: page('Not its form'), 404: page('Unknown'), ...failing(413, 503) },
        [token, preferences],
        'post',
      ),
    },
    '/healthz': open('Whether the process lives', { 200: json('It does') }),
    '/readyz': open('Whether it can work, by part', { 200: json('All parts are up'), 503: json('Some are not') }),
    '/metrics': {
      get: {
        summary: 'For Prometheus',
        tags: ['operations'],
        security: headerKey,
        responses: {
          200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } },
          ...failing(401, 403, 429),
        },
      },
    },
    '/openapi.json': open('This description', { 200: json('OpenAPI 3.1') }),
  };
}

export function describeApi(plan: Plan): Json {
  const events = plan.names.flatMap((name) => {
    const schema = plan.schemas[name];
    return schema ? [[`event.${name}`, jsonSchema(schema)] as const] : [];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sojourn',
      version: '1',
      description: 'Events in, journeys, and what became of them. A 2xx for an event means that it is committed.',
    },
    paths: paths(),
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'The key as user name; the password is not read' },
        bearer: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookie,
          description: `With the header ${csrfHeader}; on localhost, _ and the port follow the name`,
        },
      },
      schemas: {
        Problem: {
          type: 'object',
          required: ['type', 'title', 'status', 'detail'],
          properties: {
            type: { enum: problemTypes.map(problemUri) },
            title: { type: 'string' },
            status: { type: 'integer' },
            detail: { type: 'string', description: 'What is wrong and what to do' },
            path: { type: 'string', description: 'The wrong field' },
            errors: {
              type: 'array',
              items: {
                type: 'object',
                required: ['path', 'detail'],
                properties: { index: { type: 'integer' }, path: { type: 'string' }, detail: { type: 'string' } },
              },
            },
          },
        },
        ...Object.fromEntries(events),
      },
    },
  };
}
