import { redactRecording } from '../../../src/recording/redact-recording.js';
import { store } from '../store.js';

export interface NamedText {
  readonly file: string;
  readonly text: string;
}

/** Opens files that are dropped on the page, or pasted. */
export function acceptDrops(): void {
  const { body } = document;
  addEventListener('dragover', (event) => {
    event.preventDefault();
    body.classList.add('is-dropping');
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) body.classList.remove('is-dropping');
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    body.classList.remove('is-dropping');
    void openFiles(event.dataTransfer?.files ?? []);
  });
}

export async function openFiles(files: Iterable<File>): Promise<void> {
  for (const file of files) {
    const text = await file.text();
    store.restart(file.name);
    store.add(file.name, redactRecording(text));
    store.finish(file.name);
  }
}
