import { store } from './store.js';

const KEY = 'millrace-inspector-theme';

const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** The theme that was chosen last; the system's where none was. */
export function startTheme(): void {
  set(stored());
  systemDark.addEventListener('change', () => store.changed());
}

export function toggleTheme(): void {
  const theme = shownTheme() === 'dark' ? 'light' : 'dark';
  set(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A page from a file may not have storage: the choice lasts as long as the page.
  }
  store.changed();
}

/** `light` or `dark`. */
export function shownTheme(): string {
  return document.documentElement.dataset.theme ?? (systemDark.matches ? 'dark' : 'light');
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function set(theme: string | null): void {
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
}
