/**
 * What runs in Temporal's sandbox, or must be able to (`workflows/`, `src/journey/`, `src/behaviour/`,
 * `src/runtime/temporal/`), loads nothing but pure code: no Node built-in, no server, no database, no client, no zod.
 * Types may come from anywhere, by `import type`, since they are gone when the code runs.
 */
import { isBuiltin } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';

/** The folders of the sandbox, and the packages and places in this repository that each may load. */
const zones = [
  { folder: 'workflows', packages: ['@temporalio/workflow'], places: ['workflows', 'sojourn', 'src/behaviour'] },
  { folder: 'src/journey', packages: ['luxon'], places: ['src/journey', 'src/errors', 'src/clock'] },
  { folder: 'src/behaviour', packages: ['luxon'], places: ['src/behaviour', 'src/journey', 'src/errors', 'src/clock'] },
  {
    folder: 'src/runtime/temporal',
    packages: ['@temporalio/workflow', '@temporalio/common'],
    places: ['src/runtime/temporal', 'src/journey', 'src/behaviour', 'src/errors', 'src/clock'],
  },
];

const within = (path, place) => path === place || path.startsWith(`${place}/`) || path.startsWith(`${place}.`);

/** Why `source`, loaded by `file` (both relative to the repository), is refused; undefined when it may be loaded. */
export function refusal(file, source) {
  const zone = zones.find(({ folder }) => file.startsWith(`${folder}/`));
  if (!zone) return undefined;
  if (source.startsWith('.')) {
    const target = relative('/', resolve('/', dirname(file), source))
      .split(sep)
      .join('/');
    return zone.places.some((place) => within(target, place)) ? undefined : 'place';
  }
  if (zone.packages.includes(source)) return undefined;
  return isBuiltin(source) ? 'builtin' : 'package';
}

/** @type {import('eslint').Rule.RuleModule} */
export const sandboxImports = {
  meta: {
    type: 'problem',
    docs: { description: 'Code of the sandbox loads nothing but pure code.' },
    schema: [],
    messages: {
      builtin:
        "'{{source}}' is part of Node, and this file runs in Temporal's sandbox, which has no Node. Ask for it in a check in activities/.",
      package:
        "'{{source}}' can't be loaded in Temporal's sandbox. Ask for it in a check in activities/; for its types alone, write `import type`.",
      place:
        "'{{source}}' lies outside the sandbox. Ask for it in a check in activities/; for its types alone, write `import type`.",
    },
  },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    const look = (node, source) => {
      if (typeof source !== 'string') return;
      const messageId = refusal(file, source);
      if (messageId) context.report({ node, messageId, data: { source } });
    };
    return {
      ImportDeclaration: (node) => node.importKind !== 'type' && look(node, node.source.value),
      ExportAllDeclaration: (node) => node.exportKind !== 'type' && look(node, node.source.value),
      ExportNamedDeclaration: (node) => node.exportKind !== 'type' && node.source && look(node, node.source.value),
      ImportExpression: (node) => look(node, node.source.value),
      TSImportEqualsDeclaration: (node) => look(node, node.moduleReference.expression?.value),
      'CallExpression[callee.name="require"]': (node) => look(node, node.arguments[0]?.value),
    };
  },
};
