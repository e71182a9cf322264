import { store } from '../store.js';
import type { NamedText } from './drop.js';

/** Recordings that are part of this page: `millrace inspect --html` puts them there. */
export function readEmbedded(): void {
  const files = JSON.parse(document.getElementById('recordings')?.textContent ?? '[]');
  for (const { file, text } of files as NamedText[]) {
    store.add(file, text);
    store.finish(file);
  }
}
