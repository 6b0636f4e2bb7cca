import type { ESLint, Rule } from 'eslint';

declare const plugin: ESLint.Plugin & { rules: Record<string, Rule.RuleModule> };
export default plugin;
