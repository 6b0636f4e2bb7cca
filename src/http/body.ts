/**
 * Reads a request's body under a limit and parses it as JSON. Written out, since it stands on the way of every event:
 * one chunk is the rule, and then nothing is copied.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Problem } from './problem';

const gunzipAsync = promisify(gunzip);

export interface JsonBody {
  value: unknown;
  text: string;
  bytes: number;
}

function tooLarge(limit: number): Problem {
  return new Problem('too-large', `The body is larger than ${limit / 1024} KB. Send less at once.`, {
    headers: { connection: 'close' },
  });
}

export function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = req.headers['content-length'];
  if (declared !== undefined && Number(declared) > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let bytes = 0;
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limit) {
        reject(tooLarge(limit));
        req.pause();
      } else if (chunks) chunks.push(chunk);
      else if (first) chunks = [first, chunk];
      else first = chunk;
    });
    req.on('end', () => resolve(chunks ? Buffer.concat(chunks) : (first ?? Buffer.alloc(0))));
    req.on('error', () => reject(new Problem('bad-json', 'The body ended too early. Send the request again.')));
  });
}

/** Segment's browser client sends JSON as text/plain, so that its requests need no preflight. */
const jsonTypes = /^\s*(application\/([\w.+-]+\+)?json|text\/plain)\s*(;|$)/i;

/** Rejects with 413, 415 and 400 as they apply. `text/plain` is taken for JSON only where a browser reports events. */
export async function readJson(req: IncomingMessage, limit: number): Promise<JsonBody> {
  const type = req.headers['content-type'];
  if (type !== 'application/json' && (type === undefined || !jsonTypes.test(type))) {
    throw new Problem('unsupported-media-type', `Send JSON with 'content-type: application/json'.`);
  }
  let buffer = await readBody(req, limit);
  const encoding = req.headers['content-encoding']?.toLowerCase();
  if (encoding !== undefined && encoding !== 'identity') buffer = await decompress(buffer, encoding, limit);
  // What is not would be read as one and the same sign, and the ids of two people as one.
  if (!isUtf8(buffer)) throw new Problem('bad-json', 'The body is not UTF-8, as JSON is. Send it in UTF-8.');
  const text = buffer.toString('utf8');
  try {
    return { value: JSON.parse(text) as unknown, text, bytes: buffer.length };
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'it does not parse';
    throw new Problem('bad-json', `The body is not JSON (${reason}). Send one JSON object.`);
  }
}

async function decompress(buffer: Buffer, encoding: string, limit: number): Promise<Buffer> {
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new Problem('unsupported-media-type', `The content-encoding '${encoding}' is not known; use gzip or none.`);
  }
  try {
    return await gunzipAsync(buffer, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(limit);
    throw new Problem('bad-json', 'The body is not valid gzip, as its content-encoding says. Send it again.');
  }
}
