/** A port that can't be listened on: the line says which setting is wrong, and what to do. */
import { expect, test } from 'vitest';
import { freePort, needPort } from '../../src/embedded';
import { cannotListen } from '../../src/embedded/port';

test.each(['not..a.host', '192.0.2.1'])('%s is no address of this machine, which no other port mends', async (host) => {
  await expect(needPort(await freePort(), host, 'PORT')).rejects.toThrow(
    /^SOJOURN_HOST: '.*' is no address of this machine \(E\w+\)\. .*0\.0\.0\.0/,
  );
});

test('a port that only the system may use is not said to be taken', () => {
  expect(cannotListen('EACCES', 80, '0.0.0.0', 'PORT').message).toBe(
    'PORT: this user may not listen on port 80. Choose one above 1023: PORT=3000',
  );
});
