/** The form that makes a key. */
import { useId, useState, type FormEvent } from 'react';
import type { KeyItem } from '../api/answers';
import { useMakeKey } from '../api/changes';
import { Select } from '../parts/select';

const kinds: readonly (readonly [KeyItem['kind'], string])[] = [
  ['server', 'Server'],
  ['browser', 'Browser'],
  ['secret', 'Secret'],
];

/** As the API has it. */
const longestName = 100;

export function NewKey({ onMade }: { onMade: (made: { name: string; key: string }) => void }) {
  const id = useId();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<KeyItem['kind']>('server');
  const make = useMakeKey();

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() === '') return;
    make.mutate(
      { kind, name: name.trim() },
      {
        onSuccess: ({ key }) => {
          onMade({ name: name.trim(), key });
          setName('');
        },
      },
    );
  }

  return (
    <form className="toolbar" onSubmit={submit} aria-label="Make a key">
      <Select
        name="Kind"
        value={kind}
        options={kinds}
        onChange={(value) => setKind(kinds.find(([one]) => one === value)?.[0] ?? 'server')}
      />
      <span className="field-inline">
        <label htmlFor={id}>Name</label>
        <input
          id={id}
          required
          maxLength={longestName}
          autoComplete="off"
          placeholder="What it is for"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </span>
      <button type="submit" className="button button-main" disabled={make.isPending}>
        Make a key
      </button>
      {make.error && (
        <p className="field-error" role="alert">
          {make.error.message}
        </p>
      )}
    </form>
  );
}
