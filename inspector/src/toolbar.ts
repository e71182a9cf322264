import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { toChromeTrace } from './export/chrome-trace.js';
import { save } from './export/save.js';
import { showHelp } from './help.js';
import { openFiles } from './source/drop.js';
import { useStore } from './store.js';
import { toggleTheme } from './theme.js';

export function Toolbar(): VNode {
  const { calls, isLive } = useStore();
  const open = ({ currentTarget }: { currentTarget: HTMLInputElement }): void => {
    void openFiles(currentTarget.files ?? []);
  };
  const trace = (): void => save('millrace-trace.json', JSON.stringify(toChromeTrace(calls)));
  return html`<header class="toolbar">
    <h1><${Logo} />millrace <span>inspector</span></h1>
    ${isLive && html`<span class="live" role="status">live</span>`}
    <span class="grow"></span>
    <label class="button">Open<input type="file" multiple onChange=${open} /></label>
    <button
      type="button"
      disabled=${calls.length === 0}
      title="All calls as Chrome trace JSON, for ui.perfetto.dev"
      onClick=${trace}
    >
      Export trace
    </button>
    <button type="button" class="icon" aria-label="Switch theme" title="Switch theme (t)" onClick=${toggleTheme}>◐</button>
    <button type="button" class="icon" aria-label="Keys" title="Keys (?)" onClick=${showHelp}>?</button>
  </header>`;
}

function Logo(): VNode {
  return html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
    <g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round">
      <path d="M1.5 6.5c2.8-3 5.6-3 8.5 0s5.7 3 8.5 0" />
      <path d="M1.5 13.5c2.8-3 5.6-3 8.5 0s5.7 3 8.5 0" />
    </g>
  </svg>`;
}
