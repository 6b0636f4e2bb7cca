/** Light or dark: as the system has it, also when that changes, unless somebody has chosen in this browser. */
const place = 'sojourn-theme';
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');

export type Theme = 'light' | 'dark';

/** In this page; a browser may keep nothing for us. */
let chosen = kept();

function kept(): Theme | undefined {
  try {
    const theme = localStorage.getItem(place);
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  } catch {
    return undefined;
  }
}

export function currentTheme(): Theme {
  return chosen ?? (systemIsDark.matches ? 'dark' : 'light');
}

/** Sets what the style sheet's colours go by, now and whenever the system changes. */
export function followTheme(): void {
  apply();
  onThemeChange(apply);
}

const listeners = new Set<() => void>();

export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  systemIsDark.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    systemIsDark.removeEventListener('change', listener);
  };
}

export function chooseTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(place, theme);
  } catch {
    // It then holds until the page is left.
  }
  for (const listener of listeners) listener();
}

function apply(): void {
  document.documentElement.dataset['theme'] = currentTheme();
}
