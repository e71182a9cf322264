import { store } from './store.js';

const KEY = 'millrace-inspector-theme';

/** The theme that was chosen last; the system's where none was. */
export function startTheme(): void {
  set(stored());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => store.changed());
}

export function toggleTheme(): void {
  const isDark = getComputedStyle(document.documentElement).colorScheme.includes('dark');
  const theme = isDark ? 'light' : 'dark';
  set(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A page from a file may not have storage: the choice lasts as long as the page.
  }
  store.changed();
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
