/** What docs/architecture.md says of every file: small, named in kebab-case, finished. */
import { describe, expect, test } from 'vitest';
import { files, read } from './sources';

const ours = ['src', 'workflows', 'activities', 'messages', 'test', 'bench', 'bin', 'eslint'].flatMap((f) => files(f));

describe('every source file', () => {
  test('has at most 400 lines', () => {
    const long = ours
      .map((file) => [file, read(file).trimEnd().split('\n').length] as const)
      .filter(([, n]) => n > 400);
    expect(long).toEqual([]);
  });

  test('is named in kebab-case', () => {
    const odd = ours.filter(
      (file) => !file.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/.test(part)),
    );
    expect(odd).toEqual([]);
  });

  test('holds no notes to come back to', () => {
    const note = new RegExp(`\\b(${['TO', 'DO'].join('')}|FIX${'ME'}|XX${'X'})\\b`);
    expect(ours.filter((file) => note.test(read(file)))).toEqual([]);
  });

  test('is no catch-all by its name', () => {
    expect(ours.filter((file) => /(^|\/)(utils?|helpers?|misc|manager)(\/|\.)/.test(file))).toEqual([]);
  });

  test('of src/ opens with what it is for, or is an index that only names its exports, or a command with its description', () => {
    const silent = files('src').filter((file) => {
      const text = read(file).trimStart();
      return !text.includes('/**') && !text.startsWith('//') && !/index\.ts$|^src\/commands\//.test(file);
    });
    expect(silent).toEqual([]);
  });
});
