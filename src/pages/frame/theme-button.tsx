/** Changes between light and dark. */
import { useSyncExternalStore } from 'react';
import { Icon } from '../parts/icon';
import { chooseTheme, currentTheme, onThemeChange } from './theme';

export function ThemeButton() {
  const theme = useSyncExternalStore(onThemeChange, currentTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="button-icon"
      aria-label={`Change to ${other} colours`}
      title={`Change to ${other} colours`}
      onClick={() => chooseTheme(other)}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}
