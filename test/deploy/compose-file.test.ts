/** docker-compose.yml, .env.example and the Dockerfile agree with each other and with the settings that Sojourn has. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig, requireProduction } from '../../src/config';
import { searchAttributes } from '../../src/embedded';
import { interpolate, MissingVariable, readCompose, readDockerfile, variablesOf } from '../support/compose-file';
import { exampleVariables, filledIn, optional } from '../support/compose-variables';
import { temporalServerVersion } from '../support/temporal-server';
import { read, root } from '../house/sources';

const services = readCompose(filledIn());
const all = Object.entries(services);
const oneShots = [...new Set(all.flatMap(([, { dependsOn }]) => Object.entries(dependsOn)))]
  .filter(([, condition]) => condition === 'service_completed_successfully')
  .map(([name]) => name);
const lasting = all.filter(([name]) => !oneShots.includes(name));

describe('variables', () => {
  test('.env.example names each that docker-compose.yml asks for, and no other', () => {
    expect(Object.keys(exampleVariables()).sort()).toEqual(variablesOf().sort());
  });

  test('no secret has a value of its own, in either file', () => {
    const secret = /PASSWORD|KEY/;
    expect(Object.entries(exampleVariables()).filter(([name, value]) => secret.test(name) && value !== '')).toEqual([]);
    for (const name of variablesOf().filter((each) => secret.test(each))) {
      expect(() => readCompose({ ...filledIn(), [name]: '' }), name).toThrow(`${name}: Set it in .env`);
    }
  });

  test('empty, one stops Compose with its name or is as good as unset', () => {
    expect(() => readCompose(exampleVariables())).toThrow(MissingVariable);
    for (const name of optional) expect(() => readCompose({ ...filledIn(), [name]: '' })).not.toThrow();
    expect(interpolate('${A:-b} ${A} ${C:?why}', { C: 'c' })).toBe('b  c');
  });
});

describe('services', () => {
  test.each(all.filter(([, { ours }]) => ours))('%s is given settings that Sojourn takes', (name, service) => {
    const config = parseConfig(service.environment);
    if (name === 'migrate') expect(config.databaseUrl).toContain('@postgres:5432/');
    else expect(() => requireProduction(config)).not.toThrow();
  });

  test.each(all.filter(([, { ours }]) => !ours))('%s runs an image of one version', (_, { image }) => {
    expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+[\w.-]*$/);
  });

  test('Temporal is the version that tests are run on, its tools too', () => {
    expect(services['temporal']!.image).toBe(`temporalio/server:${temporalServerVersion}`);
    expect(services['temporal-schema']!.image).toMatch(`temporalio/admin-tools:${temporalServerVersion}-`);
    expect(services['temporal-namespace']!.image).toBe(services['temporal-schema']!.image);
  });

  test.each(all)('%s is reached from this machine alone', (_, { raw }) => {
    for (const port of (raw['ports'] as string[] | undefined) ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test.each(all)('%s waits for what is there, and can come to be so', (_, { dependsOn }) => {
    for (const [on, condition] of Object.entries(dependsOn)) {
      expect(services).toHaveProperty(on);
      if (condition === 'service_healthy') expect(services[on]!.healthcheck, on).toBeDefined();
      else expect(services[on]!.raw['restart'], on).toMatch(/^on-failure/);
    }
  });

  test.each(lasting)('%s is started again when it ends, and may not gain rights', (_, { raw }) => {
    expect(raw['restart']).toBe('unless-stopped');
    expect(raw['security_opt']).toEqual(['no-new-privileges:true']);
  });

  test.each(all)('%s mounts what is there, read-only, and volumes that are declared', (_, { raw, mounts }) => {
    for (const path of Object.values(mounts)) expect(existsSync(join(root, path)), path).toBe(true);
    const { volumes } = parse(read('docker-compose.yml'), { merge: true }) as { volumes: object };
    for (const volume of (raw['volumes'] as string[] | undefined) ?? []) {
      if (volume.startsWith('./')) expect(volume).toMatch(/:ro$/);
      else expect(volumes).toHaveProperty(volume.split(':')[0]!);
    }
  });

  test('our image is built once, by what every other service of it waits for', () => {
    const [builder, ...more] = all.filter(([, { raw }]) => raw['build'] !== undefined);
    expect(more).toEqual([]);
    const [name, { image, raw }] = builder!;
    expect(raw['pull_policy']).toBe('build');
    for (const [, other] of all.filter(([each, service]) => service.image === image && each !== name)) {
      expect(other.dependsOn).toMatchObject({ [name]: 'service_completed_successfully' });
      expect(other.raw['pull_policy']).toBe('never');
    }
  });

  test.each(all)('%s has a log that does not fill the disk', (_, { raw }) => {
    expect(raw['logging']).toEqual({ driver: 'local' });
  });

  test("the namespace is given Sojourn's search attributes", () => {
    const script = read('deploy/temporal/setup-namespace.sh');
    expect(/^attributes='(.*)'$/m.exec(script)?.[1]?.split(' ')).toEqual([...searchAttributes]);
  });
});

describe('the image', () => {
  const image = readDockerfile();
  const steps = image.stages.flatMap((stage) => stage.steps);

  test('is made of paths that are there and that .dockerignore lets through, and of no others', () => {
    const needed = steps
      .filter(({ instruction, text }) => instruction === 'COPY' && !text.startsWith('--from'))
      .flatMap(({ text }) => text.split(' ').slice(0, -1))
      .filter((path) => path !== '.');
    expect(needed.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const lines = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    expect(lines.slice(1).sort()).toEqual([...new Set(needed)].map((path) => `!${path}`).sort());
  });

  test('runs npm scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
    const named = steps.flatMap(({ text }) => [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1]!));
    expect(named).not.toEqual([]);
    for (const name of named) expect(scripts).toHaveProperty(name);
  });

  test('is based on one version throughout, runs as nobody special, and Node itself is what is signalled', () => {
    const [base] = image.stages[0]!.from.split(' ');
    const outside = image.stages
      .map(({ from }) => from)
      .filter((from) => !image.stages.some(({ name }) => name === from));
    expect(new Set(outside)).toEqual(new Set([base]));
    expect(base).toMatch(/^node:\d+\.\d+\.\d+-/);
    expect(image.user).toBe('node');
    expect(image.entrypoint[0]).toBe('node');
  });
});
