import { showHelp } from './help.js';
import { store } from './store.js';
import { toggleTheme } from './theme.js';

/** Keys that work wherever no text is typed, and nothing else takes them. */
const KEYS: Readonly<Record<string, (() => void) | undefined>> = {
  __proto__: null as never,
  j: () => store.move(1),
  k: () => store.move(-1),
  ArrowRight: () => store.see(store.seen + 1),
  ArrowLeft: () => store.see(store.seen - 1),
  'Shift+ArrowRight': () => store.see(store.seen + 20),
  'Shift+ArrowLeft': () => store.see(store.seen - 20),
  Home: () => store.see(0),
  End: () => store.see(undefined),
  '+': () => zoom(0.5),
  '=': () => zoom(0.5),
  '-': () => zoom(2),
  '0': () => zoom(Infinity),
  t: toggleTheme,
  '?': showHelp,
};

export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, target } = event;
    if (ctrlKey || metaKey || altKey) return;
    const isTyping = (target as Element).closest?.('input, select, textarea, [role="tablist"]');
    const action = KEYS[shiftKey && key.startsWith('Arrow') ? `Shift+${key}` : key];
    if (isTyping || action === undefined) return;
    event.preventDefault();
    action();
  });
}

function zoom(factor: number): void {
  const { selected, seen } = store;
  if (selected !== undefined) store.zoom(factor, selected.times[seen - 1] ?? 0);
}
