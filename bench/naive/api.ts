/** A program: an Express server whose handler signals the person's workflow, and starts it when it isn't there. */
import { Client, Connection } from '@temporalio/client';
import express from 'express';
import { serve } from '../child';
import { workload } from '../runs/workload';
import type { ShopEvent } from './event';
import { cartAbandonment, eventSignal } from './workflow';

const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
const client = new Client({ connection });
const app = express();
app.use(express.json());

app.post('/v1/track', async (request, response) => {
  const event = request.body as ShopEvent; // the naive program trusts its callers
  await client.workflow.signalWithStart(cartAbandonment, {
    workflowId: `naive-cart/${event.userId}`,
    taskQueue: 'naive',
    args: [event.userId, event.context?.email ?? '', workload.idleMs],
    signal: eventSignal,
    signalArgs: [event],
  });
  response.status(202).json({ accepted: 1 });
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  serve(() => null, { port: typeof address === 'object' && address ? address.port : 0 });
});
