/** Sojourn's own lint rules, as a plugin. */
import { deterministic, exitReturned, noCatchAroundVerbs, verbsAwaited } from './journey-rules.js';
import { sandboxImports } from './sandbox-imports.js';

export default {
  meta: { name: 'sojourn' },
  rules: {
    'sandbox-imports': sandboxImports,
    'no-catch-around-verbs': noCatchAroundVerbs,
    'exit-returned': exitReturned,
    'verbs-awaited': verbsAwaited,
    deterministic,
  },
};
