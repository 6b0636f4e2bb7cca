/** Journeys that look for what Node has: imports as in `journeys.ts`. */
import { createJourney, type Journey } from '../../src/journey';
import type { ScenarioTypes } from './journeys';

const journey = createJourney<ScenarioTypes>();

export const looksAround = journey('looks-around', { on: 'item_added' }, async (j) => {
  const names = j.person.traits['names'] as string[];
  const found = names.filter((name) => Reflect.get(globalThis, name) !== undefined);
  await j.check('node-has', { names });
  return j.exit(`found ${found.join(' ') || 'none'} of ${names.length}`);
});

export const usesTimers = journey('uses-timers', { on: 'item_added' }, async (j) => {
  await j.sleep('10 minutes');
  const began = Date.now();
  const cancelled = setTimeout(() => j.exit('was cancelled'), 200);
  setTimeout(clearTimeout, 100, cancelled);
  const word = await new Promise<string>((resolve) => setTimeout(resolve, 400, 'waited'));
  return j.exit(`${word} ${Math.floor((new Date().getTime() - began) / 400)}`);
});

export const reachesOut = journey('reaches-out', { on: 'item_added' }, async (j) => {
  await j.sleep('10 minutes');
  const { value } = j.event.properties as { value: number };
  if (value > 100) await fetch('http://127.0.0.1/');
  await j.send('hello', { name: process.env['NAME'] });
});

export const asksTheBundler = journey('asks-the-bundler', { on: 'item_added' }, async (j) => {
  await j.sleep('10 minutes');
  const { NODE_ENV } = process.env;
  const asked = new Set([NODE_ENV, process.env.NODE_ENV, process.env['NODE_ENV']]);
  return j.exit([...asked].join());
});

export const readsSettings = journey('reads-settings', { on: 'item_added' }, async (j) => {
  await j.sleep('10 minutes');
  return j.exit(Object.keys({ ...process.env }).join());
});

export const sandboxJourneys: Journey[] = [looksAround, usesTimers, reachesOut, asksTheBundler, readsSettings];
