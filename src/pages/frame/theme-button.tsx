/** Changes between light and dark. */
import { useState } from 'react';
import { Icon } from '../parts/icon';
import { chooseTheme, currentTheme } from './theme';

export function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="button-icon"
      aria-label={`Change to ${other} colours`}
      title={`Change to ${other} colours`}
      onClick={() => {
        chooseTheme(other);
        setTheme(other);
      }}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}
