/** A few values of which one holds, as a row of buttons: a group of radio buttons to keyboard and screen reader. */
import { useId } from 'react';

interface Props<T extends string> {
  name: string;
  options: readonly (readonly [value: T, label: string])[];
  value: T;
  onChange: (value: T) => void;
}

export function Choices<T extends string>({ name, options, value, onChange }: Props<T>) {
  const group = useId();
  return (
    <fieldset className="choices">
      <legend className="unseen">{name}</legend>
      {options.map(([option, label]) => (
        <label key={option} className={option === value ? 'choice choice-on' : 'choice'}>
          <input
            type="radio"
            className="unseen"
            name={group}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
