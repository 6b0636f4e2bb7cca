/** Light or dark: as the system has it, unless somebody has chosen in this browser. */
const place = 'sojourn-theme';

export type Theme = 'light' | 'dark';

function chosen(): Theme | undefined {
  try {
    const kept = localStorage.getItem(place);
    return kept === 'light' || kept === 'dark' ? kept : undefined;
  } catch {
    // A browser that keeps nothing for us.
    return undefined;
  }
}

export function currentTheme(): Theme {
  return chosen() ?? (window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

/** Without a choice the style sheet follows the system by itself. */
export function applyTheme(theme = chosen()): void {
  if (theme) document.documentElement.dataset['theme'] = theme;
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(place, theme);
  } catch {
    // It then holds until the page is left.
  }
  applyTheme(theme);
}
