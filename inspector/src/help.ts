import { html } from 'htm/preact';
import type { VNode } from 'preact';

const KEYS: readonly [keys: string[], does: string][] = [
  [['←', '→'], 'previous and next event'],
  [['Shift', '← →'], 'twenty events'],
  [['Home', 'End'], 'before the first event, after the last'],
  [['j', 'k'], 'next and previous call'],
  [['+', '−', '0'], 'zoom in, out, show all'],
  [['t'], 'dark or light'],
  [['?'], 'this help'],
];

export function Help(): VNode {
  return html`<dialog id="help" aria-labelledby="help-title">
    <h2 id="help-title">Keys</h2>
    <dl>
      ${KEYS.map(
        ([keys, does]) =>
          html`<dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt>
            <dd>${does}</dd>`,
      )}
    </dl>
    <p class="dim">
      On the lanes: move over them to see a moment, click or drag to stay there, Ctrl and the wheel to
      zoom, Shift and the wheel to pan.
    </p>
    <form method="dialog"><button>Close</button></form>
  </dialog>`;
}

export function showHelp(): void {
  const dialog = document.getElementById('help') as HTMLDialogElement;
  if (!dialog.open) dialog.showModal();
}
