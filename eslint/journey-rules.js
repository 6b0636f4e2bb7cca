/** One rule for each mistake that compiles and that a journey can make: see docs/write-a-journey.md. */
import { isFunction, memberOfJ, verbOf } from './verbs.js';

/** @returns {import('eslint').Rule.RuleModule} */
const rule = (description, messages, create) => ({
  meta: { type: 'problem', docs: { description }, schema: [], messages },
  create,
});

/** A run ends by a throw from the verb that it waits in; `catch` would swallow the end, `finally` would act after it. */
export const noCatchAroundVerbs = rule(
  'No try around verbs.',
  {
    caught:
      'j.{{verb}} stands in a `try`. A run ends by a throw from its verb, which must not be caught; what is expected comes as a value (`null`, `skipped`, `failed`). Take the `try` away.',
  },
  (context) => ({
    CallExpression(node) {
      const verb = verbOf(node, context.sourceCode);
      if (verb === undefined) return;
      for (let at = node; at.parent && !isFunction(at); at = at.parent) {
        if (at.parent.type === 'TryStatement') return context.report({ node, messageId: 'caught', data: { verb } });
      }
    },
  }),
);

/** `j.exit` makes the value that ends the run when the body returns it; alone it does nothing. */
export const exitReturned = rule(
  'j.exit is returned.',
  { lost: '`j.exit` ends the run only when it is returned: write `return j.exit(…)`.' },
  (context) => ({
    CallExpression(node) {
      if (memberOfJ(node, context.sourceCode) !== 'exit') return;
      let at = node;
      while (at.parent.type === 'ConditionalExpression' && at.parent.test !== at) at = at.parent;
      const returned =
        at.parent.type === 'ReturnStatement' || (at.parent.type === 'ArrowFunctionExpression' && at.parent.body === at);
      if (!returned) context.report({ node, messageId: 'lost' });
    },
  }),
);

/** A verb that isn't awaited runs beside the next one, and its end is heard by nobody. */
export const verbsAwaited = rule(
  'Verbs are awaited where they are called.',
  { floating: 'j.{{verb}} is not awaited here: write `await j.{{verb}}(…)`. Verbs run one after the other.' },
  (context) => ({
    CallExpression(node) {
      const verb = verbOf(node, context.sourceCode);
      if (verb === undefined) return;
      const { parent } = node;
      const awaited =
        parent.type === 'AwaitExpression' ||
        parent.type === 'ReturnStatement' ||
        (parent.type === 'ArrowFunctionExpression' && parent.body === node);
      if (!awaited) context.report({ node, messageId: 'floating', data: { verb } });
    },
  }),
);

const instead = {
  'Date.now': '`j.now()`',
  Date: '`j.now()`, or `new Date(j.now())`',
  'performance.now': '`j.now()`',
  'Math.random': '`j.experiment(…)`, which is kept and counted',
  'crypto.randomUUID': 'what the event brings, or a check in activities/',
  setTimeout: '`await j.sleep(…)`',
  setInterval: '`await j.sleep(…)` in a loop',
  setImmediate: '`await j.sleep(…)`',
  fetch: 'a check in activities/',
  process: 'a check in activities/',
};

/** A replay must come to the same steps, and scaled and simulated time must be seen: no clocks and no chance but j's. */
export const deterministic = rule(
  'Time, chance and the outside come through j.',
  { use: '`{{name}}` is not the same in a replay. Use {{instead}}.' },
  (context) => {
    const report = (node, name) => {
      if (Object.hasOwn(instead, name))
        context.report({ node, messageId: 'use', data: { name, instead: instead[name] } });
    };
    const isGlobal = (identifier) => {
      for (let scope = context.sourceCode.getScope(identifier); scope; scope = scope.upper) {
        const variable = scope.set.get(identifier.name);
        if (variable) return variable.defs.length === 0;
      }
      return true;
    };
    return {
      MemberExpression({ object, property, computed }) {
        if (object.type !== 'Identifier' || !isGlobal(object)) return;
        if (object.name === 'process') return report(object, 'process');
        report(object, `${object.name}.${computed ? property.value : property.name}`);
      },
      CallExpression({ callee }) {
        if (callee.type === 'Identifier' && isGlobal(callee)) report(callee, callee.name);
      },
      NewExpression({ callee, arguments: given }) {
        if (callee.name === 'Date' && given.length === 0 && isGlobal(callee)) report(callee, 'Date');
      },
    };
  },
);
