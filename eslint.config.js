// One configuration for everything: type-aware rules for all TypeScript, Sojourn's own for what runs in the sandbox.
import tseslint from 'typescript-eslint';
import sojourn from './eslint/index.js';

const sandbox = ['workflows/**/*.ts', 'src/journey/**/*.ts', 'src/behaviour/**/*.ts', 'src/runtime/temporal/**/*.ts'];

export default tseslint.config(
  { ignores: ['node_modules/', '.sojourn*/', 'coverage/', 'dist/', 'test/torture/.content-*/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    ignores: ['eslint/**'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-else-return': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // Methods of object literals are passed on; classes that mind are few.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // What was caught is unknown, and is thrown on as it is.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'No enum: write a union of literals.' },
      ],
    },
  },
  {
    files: ['src/*.ts', 'src/commands/**/*.ts', 'bench/**/*.ts', 'bin/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  { files: sandbox, plugins: { sojourn }, rules: { 'sojourn/sandbox-imports': 'error' } },
  {
    files: ['workflows/**/*.ts'],
    plugins: { sojourn },
    rules: {
      'sojourn/no-catch-around-verbs': 'error',
      'sojourn/exit-returned': 'error',
      'sojourn/verbs-awaited': 'error',
      'sojourn/deterministic': 'error',
    },
  },
  // What an HTTP answer or a row of a test holds is asserted on by the test itself.
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
