/**
 * How Vite builds a browser application. Nothing is inlined: they are served under a policy that only allows files. After
 * a change here run `npm run build`: by itself an application is built anew when its own sources change.
 */
import { join } from 'node:path';
import type { InlineConfig } from 'vite';
import type { App } from './built-pages';

export function viteConfig({ source, base }: App, outDir: string): InlineConfig {
  return {
    configFile: false,
    root: source,
    base,
    publicDir: join(source, 'public'),
    logLevel: 'warn',
    esbuild: { jsx: 'automatic' },
    build: {
      outDir,
      emptyOutDir: true,
      assetsDir: 'assets',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: false,
      target: 'es2022',
      rollupOptions: {
        onwarn(warning, warn) {
          // "use client" of libraries is for servers that render React, which there is none of here.
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
        },
      },
    },
  };
}
