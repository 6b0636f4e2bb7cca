/** A labelled choice from a list. */
import { useId } from 'react';

interface Props {
  name: string;
  value: string;
  /** What the empty value means. */
  all?: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}

export function Select({ name, value, all, options, onChange }: Props) {
  const id = useId();
  return (
    <span className="field-inline">
      <label htmlFor={id}>{name}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {all !== undefined && <option value="">{all}</option>}
        {options.map(([option, label]) => (
          <option key={option} value={option}>
            {label}
          </option>
        ))}
      </select>
    </span>
  );
}
