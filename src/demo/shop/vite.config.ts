/** Builds the shop and the guide into dist/shop. Nothing is inlined: they are served under a policy that only allows files. */
import { defineConfig } from 'vite';

const here = decodeURIComponent(new URL('.', import.meta.url).pathname);

export default defineConfig({
  root: here,
  base: '/shop/',
  publicDir: `${here}public`,
  esbuild: { jsx: 'automatic' },
  build: {
    outDir: `${here}../../../dist/shop`,
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: 'es2022',
  },
});
