/** A visit to a page or a screen: its path, and of what else tells which page it was only what the path does not. */
import type { TimelineItem } from '../api/answers';

type Event = Extract<TimelineItem, { kind: 'event' }>;
type Properties = Record<string, unknown>;

export const isPage = ({ type }: Event): boolean => type === 'page' || type === 'screen';

export function titleOf(item: Event): string {
  const which = isPage(item) ? nameOf(item.properties) : undefined;
  return which === undefined ? item.name : `${item.type} ${which}`;
}

/** A screen of an app has a name alone. */
function nameOf({ path, name, title, url }: Properties): string | undefined {
  return [path, name, title, url].find((one): one is string => typeof one === 'string' && one !== '');
}

/** The properties without those that are empty or say again what stands in the title or in one before. */
export function besidesPath(properties: Properties): Properties {
  const { path, name, title, url, ...others } = properties;
  const told = new Set<unknown>([nameOf(properties), pathOf(url) === path ? url : undefined, '', undefined]);
  const further = Object.entries({ name, title, url }).filter(([, one]) => !told.has(one) && told.add(one));
  return {
    ...Object.fromEntries(further),
    ...Object.fromEntries(Object.entries(others).filter(([, one]) => one !== '')),
  };
}

/** An address of somebody's own making may be none. */
function pathOf(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).pathname : undefined;
}
