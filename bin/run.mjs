#!/usr/bin/env node
// Runs one TypeScript file of this repository: `node bin/run.mjs bench/index.ts [arguments]`.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { register } from 'tsx/esm/api';

register();
const [file] = process.argv.splice(2, 1);
await import(pathToFileURL(resolve(file)).href);
