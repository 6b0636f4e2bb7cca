/** Copies a text, and says so. Where the browser forbids it, the text is there to be selected. */
import { useState } from 'react';
import { Icon } from './icon';

const shownMs = 2_500;

export function CopyButton({ text, name }: { text: string; name: string }) {
  const [said, setSaid] = useState('');
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Select it and copy by hand');
    }
    setTimeout(() => setSaid(''), shownMs);
  }
  return (
    <span className="copy">
      <button type="button" className="button button-small" aria-label={`Copy ${name}`} onClick={() => void copy()}>
        <Icon name="copy" /> Copy
      </button>
      <span role="status" className="copy-said">
        {said}
      </span>
    </span>
  );
}
