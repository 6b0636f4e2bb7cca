/** The way of a test file to the parts that its run shares; a program outside a run gets ones of its own. */
import { openPartsHost, type PartsHost, type SharedPostgres, type SharedTemporal } from './parts-host';

export const partsUrlSetting = 'TEST_PARTS_URL';

let ownHost: Promise<PartsHost> | undefined;

export async function sharedPostgres(): Promise<SharedPostgres> {
  return ask('postgres');
}

export async function sharedTemporal(): Promise<SharedTemporal> {
  return ask('temporal');
}

/** Stops what this process started for itself, outside a test run. */
export async function closeOwnParts(): Promise<void> {
  const host = await ownHost;
  ownHost = undefined;
  await host?.close();
}

async function ask<Part extends 'postgres' | 'temporal'>(part: Part): Promise<Awaited<ReturnType<PartsHost[Part]>>> {
  const url = process.env[partsUrlSetting];
  type Answer = Awaited<ReturnType<PartsHost[Part]>>;
  if (url === undefined) {
    ownHost ??= openPartsHost();
    return (await (await ownHost)[part]()) as Answer;
  }
  const response = await fetch(`${url}/${part}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}
