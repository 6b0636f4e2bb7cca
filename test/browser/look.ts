/** Looks at a page as somebody with a browser would, and says what is wrong with it. */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { until } from '../support';

export const looks = [
  { width: 390, height: 844, theme: 'light' },
  { width: 390, height: 844, theme: 'dark' },
  { width: 820, height: 1180, theme: 'light' },
  { width: 1440, height: 900, theme: 'light' },
  { width: 1440, height: 900, theme: 'dark' },
] as const;
export type Look = (typeof looks)[number];

/** Every page in every look, as rows of a table of tests. */
export const inEveryLook = <T extends { name: string }>(pages: T[]): (T & { look: Look; title: string })[] =>
  looks.flatMap((look) =>
    pages.map((page) => ({ ...page, look, title: `${page.name} at ${look.width} px, ${look.theme}` })),
  );

export const waitMs = 90_000;

/** One page of the browser a look, kept from test to test. */
export function viewer(browser: () => Browser, options: () => BrowserContextOptions = () => ({})) {
  const open = new Map<Look, Promise<Watched>>();
  return (look: Look): Promise<Watched> => {
    const { width, height, theme } = look;
    const watched =
      open.get(look) ??
      openPage(browser(), { ...options(), viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' });
    open.set(look, watched);
    return watched;
  };
}

export interface Watched {
  page: Page;
  /** What the console, the page's own scripts and its policy have complained of since it was last asked. */
  complaints(): string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions): Promise<Watched> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(waitMs);
  return watch(await context.newPage());
}

export function watch(page: Page): Watched {
  const found: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      found.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => found.push(`uncaught: ${error.message}`));
  return { page, complaints: () => found.splice(0) };
}

const require = createRequire(import.meta.url);
let axe: Promise<string> | undefined;

interface AxeViolation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/** What axe-core finds in the page that is serious or critical, and whatever else somebody would stumble over. */
export async function faults({ page, complaints }: Watched): Promise<string[]> {
  return [...complaints(), ...(await layoutFaults(page)), ...(await accessFaults(page))];
}

async function layoutFaults(page: Page): Promise<string[]> {
  const headings = await page.locator('h1').count();
  const over: string[] = await page.evaluate(`
    document.documentElement.scrollWidth <= innerWidth ? [] :
      [...document.querySelectorAll('body *')]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(one).position !== 'absolute')
        .map((one) => one.tagName + '.' + one.className).concat('the page')
  `);
  return [
    ...(headings === 1 ? [] : [`has ${headings} headings h1`]),
    ...((await page.title()).length > 5 ? [] : ['has no title']),
    ...(over.length === 0 ? [] : [`is wider than the window: ${over.slice(0, 5).join(', ')}`]),
  ];
}

export async function accessFaults(page: Page): Promise<string[]> {
  axe ??= readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(await axe);
  const violations: AxeViolation[] = await page.evaluate(
    `axe.run(document, { iframes: false, resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `axe ${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Kept in the folder TEST_SCREENSHOTS, where that is set. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.TEST_SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  // Pictures further down are loaded when they come into view.
  await page.evaluate(`for (const image of document.images) image.loading = 'eager'`);
  // Playwright's own waiting evaluates a string in the page, which the pages' policy forbids.
  await until(() => page.evaluate<boolean>('Array.from(document.images).every((image) => image.complete)'));
  await page.screenshot({ path: join(folder, `${name.replaceAll(/\W+/g, '-')}.png`), fullPage: true });
}
