/** The repository's own sources, and what each imports, read with TypeScript's parser. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

export const root = new URL('../..', import.meta.url).pathname;

/** The repository's files, relative to it; what is installed or made at run time is left out. */
export function files(folder = '', ending: RegExp = /\.(tsx?|js|mjs)$/): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return files(path, ending);
      return ending.test(entry.name) ? [path] : [];
    });
}

export const read = (file: string): string => readFileSync(join(root, file), 'utf8');

export interface Import {
  from: string;
  /** As written: `../journey`, `node:fs`. */
  source: string;
  /** The file that a relative source leads to, relative to the repository. */
  target?: string;
  typeOnly: boolean;
  line: number;
}

export function importsOf(file: string): Import[] {
  const parsed = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (at: ts.Node, source: string, typeOnly: boolean) => {
    const line = parsed.getLineAndCharacterOfPosition(at.getStart()).line + 1;
    const target = source.startsWith('.') ? resolve(file, source) : undefined;
    found.push({ from: file, source, typeOnly, line, ...(target === undefined ? {} : { target }) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node, node.moduleSpecifier.text, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node, node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node, node.argument.literal.text, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) add(node, argument.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

function resolve(file: string, source: string): string {
  const path = normalize(join(dirname(file), source));
  const candidates = [
    path,
    `${path}.ts`,
    `${path}.tsx`,
    `${path}.js`,
    `${path}.d.ts`,
    join(path, 'index.ts'),
    join(path, 'index.js'),
  ];
  const isFile = (candidate: string) => statSync(join(root, candidate), { throwIfNoEntry: false })?.isFile();
  return candidates.find(isFile) ?? path;
}

/** Everything that loading `entries` loads: files of the repository, and packages with the file that wants each. */
export function graph(entries: string[]): { files: string[]; packages: Map<string, string> } {
  const seen = new Set<string>();
  const packages = new Map<string, string>();
  const queue = [...entries];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { source, target, typeOnly } of importsOf(file)) {
      if (typeOnly) continue;
      if (target === undefined) packages.set(source, file);
      else queue.push(target);
    }
  }
  return { files: [...seen], packages };
}
