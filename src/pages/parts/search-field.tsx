/** A field to search in. The key `/` leads to it. */
import { useId } from 'react';
import { Icon } from './icon';

interface Props {
  name: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** The API takes no longer search. */
const longest = 200;

export function SearchField({ name, placeholder, value, onChange }: Props) {
  const id = useId();
  return (
    <span className="search">
      <label htmlFor={id} className="unseen">
        {name}
      </label>
      <Icon name="search" />
      <input
        id={id}
        type="search"
        placeholder={placeholder}
        value={value}
        maxLength={longest}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </span>
  );
}
