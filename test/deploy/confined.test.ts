/** Our image's processes, confined as docker-compose.yml confines them: what they write has a place to go. */
import { describe, expect, test } from 'vitest';
import { readCompose } from '../support/compose-file';
import { filledIn } from '../support/compose-variables';
import { startService } from '../support/service-process';
import { confine, noConfinement } from './confinement';
import { imageFolder } from './image-folder';

const services = readCompose(filledIn());
const worker = services['worker']!;
const folder = await imageFolder('to mount');
const reason = noConfinement(worker, folder);
const around = reason === undefined ? { folder, replace: {}, ...confine(worker, folder) } : undefined;

describe.skipIf(!around)(`in a container${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('a worker makes the bundle of its journeys', async () => {
    const { ended, output } = await startService(worker, around!, ['node', 'bin/sojourn.mjs', 'journeys']).ended();
    expect(ended, output).toBe(0);
    expect(output).toContain('cart-abandonment');
  });

  test('what is not given to it is not written', async () => {
    const { ended, output } = await startService(worker, around!, ['touch', 'here']).ended();
    expect(ended).not.toBe(0);
    expect(output).toContain('Read-only file system');
  });
});
