/**
 * Liquid as messages use it: a token or filter that does not exist is an error, values are escaped for HTML, nothing
 * is read from files, and a template can't run for ever.
 */
import { Liquid, type LiquidOptions, type Template } from 'liquidjs';

const options: LiquidOptions = {
  // Templates in memory, and none there: `include`, `render` and `layout` find nothing.
  templates: {},
  strictFilters: true,
  strictVariables: true,
  // `{% if person.city %}` and `| default:` may ask for what may be missing.
  lenientIf: true,
  ownPropertyOnly: true,
  timezoneOffset: 0,
  parseLimit: 2_000_000,
  // Generous: a busy machine must not turn a good message into a failed one.
  renderLimit: 5_000,
  memoryLimit: 20_000_000,
};

const html = withFilters(new Liquid({ ...options, outputEscape: 'escape' }));
const plain = withFilters(new Liquid(options));

export interface LiquidTemplate {
  render(scope: Record<string, unknown>): string;
  /** Paths of the tokens that must come from outside: `['items']`, `['person', 'city']`. */
  tokens: string[][];
}

/** Parses a template whose values are escaped for HTML (`html`) or put in as they are (`plain`). Throws what is wrong. */
export function parseLiquid(source: string, mode: 'html' | 'plain'): LiquidTemplate {
  const engine = mode === 'html' ? html : plain;
  const parsed: Template[] = engine.parse(source);
  const tokens = engine.globalVariableSegmentsSync(parsed).map((path) => path.map(String));
  return {
    tokens,
    // Nothing in a scope has to be waited for.
    render: (scope) => String(engine.renderSync(parsed, scope)),
  };
}

/** The address, if it leads to the web; otherwise nothing, so that `{% if %}` can ask. */
export function webAddress(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 4_000) return undefined;
  if (!URL.canParse(value.trim())) return undefined;
  const url = new URL(value.trim());
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}

/** Making one takes longer than all else that a message's price needs. */
const formats = new Map<string, Intl.NumberFormat>();
/** What templates and their data name; data can name a lot. */
const formatsAtMost = 500;

function formatOf(locale: string, currency: string): Intl.NumberFormat {
  const name = `${locale} ${currency}`;
  const known = formats.get(name);
  if (known) return known;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  if (formats.size >= formatsAtMost) formats.clear();
  formats.set(name, format);
  return format;
}

/** An amount as people of that locale write it; a currency that does not exist is written beside it. */
export function money(value: unknown, currency: unknown = 'USD', locale: unknown = 'en-US'): string {
  const amount = Number(value);
  if (value === null || value === undefined || !Number.isFinite(amount)) return '';
  const code = typeof currency === 'string' && currency !== '' ? currency : 'USD';
  try {
    return formatOf(String(locale), code).format(amount);
  } catch {
    return `${amount.toFixed(2)} ${code}`;
  }
}

function withFilters(engine: Liquid): Liquid {
  engine.registerFilter('web_address', webAddress);
  engine.registerFilter('money', money);
  return engine;
}
