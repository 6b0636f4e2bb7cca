/** Prometheus' text format, read strictly: what it would refuse or warn of is an error here. */

export interface Family {
  name: string;
  type: string;
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const sampleLine = new RegExp(`^(${name})(?:\\{(.*)\\})? (Na[Nn]|[+-]?Inf|[-+]?[0-9.eE+-]+)(?: \\d+)?$`);
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/y;

export function readMetrics(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  if (!text.endsWith('\n')) throw new Error('The last line is not ended.');
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const comment = new RegExp(`^# (HELP|TYPE) (${name}) (.*)$`).exec(line);
    if (comment) {
      const [, what, of = '', rest = ''] = comment;
      const family = families.get(of) ?? { name: of, type: '', help: '', samples: [] };
      const key = what === 'HELP' ? 'help' : 'type';
      if (family[key] !== '') throw new Error(`${of} has two ${what} lines.`);
      if (family.samples.length > 0) throw new Error(`${of}: ${what} comes after its samples.`);
      family[key] = rest;
      families.set(of, family);
      continue;
    }
    const [, sample = '', labels = '', value = ''] = sampleLine.exec(line) ?? [];
    if (sample === '') throw new Error(`This is no sample: ${line}`);
    const family = families.get(sample) ?? families.get(sample.replace(/_(bucket|sum|count)$/, ''));
    if (!family || family.type === '') throw new Error(`${sample} has no TYPE.`);
    family.samples.push({ name: sample, labels: readLabels(labels), value: Number(value.replace('Inf', 'Infinity')) });
  }
  return families;
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  for (let at = 0; at < text.length; at = label.lastIndex) {
    const match = label.exec(text);
    if (!match || match.index !== at) throw new Error(`These are no labels: ${text}`);
    labels[match[1]!] = match[2]!;
  }
  return labels;
}

/** The samples of one name whose labels are these, added up. */
export function total(families: Map<string, Family>, sample: string, labels: Record<string, string> = {}): number {
  const family = families.get(sample) ?? families.get(sample.replace(/_(bucket|sum|count)$/, ''));
  return (family?.samples ?? [])
    .filter((one) => one.name === sample && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

/** What https://prometheus.io/docs/practices/naming asks for and `promtool check metrics` complains about. */
export function badlyNamed({ name, type, help }: Family): string[] {
  const complaints: string[] = [];
  if (help === '') complaints.push(`${name} has no help text`);
  if ((type === 'counter') !== name.endsWith('_total'))
    complaints.push(`${name}: counters, and they alone, end in _total`);
  if (/_(milliseconds|ms|minutes|hours|kilobytes|percent)(_|$)/.test(name)) complaints.push(`${name}: not a base unit`);
  if (/[A-Z]/.test(name)) complaints.push(`${name}: names are in snake case`);
  if (/_(count|sum|bucket)$/.test(name)) complaints.push(`${name}: a suffix of histograms`);
  return complaints;
}
