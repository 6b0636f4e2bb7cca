/**
 * What a new project is made of: the content at the top of this package, with the engine imported by its name; its
 * services for Docker; and the few files of `src/init/template/` that this package has none of.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Relative to the project's folder. */
export interface ProjectFile {
  path: string;
  text: string;
}

export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
const template = fileURLToPath(new URL('template/', import.meta.url));

/** Folders whole, and files. */
const content = [
  'events.ts',
  'sojourn.ts',
  'workflows',
  'activities',
  'messages',
  'test/journeys/prove.ts',
  'test/journeys/cart-abandonment.test.ts',
  'test/journeys/onboarding.test.ts',
  'test/journeys/re-engagement.test.ts',
];

export async function contentFiles(): Promise<ProjectFile[]> {
  const paths = (await Promise.all(content.map((path) => filesIn(packageRoot, path)))).flat();
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(packageRoot, path), 'utf8');
      return { path, text: path.endsWith('.ts') ? importedByName(text) : text };
    }),
  );
}

/** `../src` is `sojourn`, and `../src/testing` is `sojourn/testing`: the two doors that the package has. */
export const importedByName = (text: string): string =>
  text.replace(/ from '(?:\.\.?\/)+src(\/testing)?';/g, " from 'sojourn$1';");

/** What Docker starts it with: the same services as for this package, by the project's name. */
export async function deployFiles(name: string): Promise<ProjectFile[]> {
  const paths = ['docker-compose.yml', '.env.example', ...(await filesIn(packageRoot, 'deploy'))];
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(packageRoot, path), 'utf8');
      return {
        path,
        text: text
          .replace(/^name: sojourn$/m, `name: ${name}`)
          .replace(/^( +image: )sojourn$/gm, `$1${name}`)
          .replaceAll('docs/deploy.md', 'node_modules/sojourn/docs/deploy.md'),
      };
    }),
  );
}

/** npm packs no file named .gitignore or .dockerignore as it is: those go by `_gitignore`, `_dockerignore`. */
export async function templateFiles(name: string): Promise<ProjectFile[]> {
  const paths = await filesIn(template, '.');
  return Promise.all(
    paths.map(async (path) => ({
      path: path.replace(/^_/, '.'),
      text: (await readFile(join(template, path), 'utf8')).replaceAll('PROJECT_NAME', name),
    })),
  );
}

async function filesIn(root: string, path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!entries) return [path];
  const nested = await Promise.all(entries.map(({ name }) => filesIn(root, join(path, name))));
  return nested.flat();
}
