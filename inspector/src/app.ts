import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Help } from './help.js';
import { Lanes } from './lanes/lanes.js';
import { CallList } from './list/call-list.js';
import { MessagePane } from './panes/message-pane.js';
import { Tabs } from './panes/tabs.js';
import { useStore } from './store.js';
import { Summary } from './summary.js';
import { Toolbar } from './toolbar.js';

export function App(): VNode {
  const { selected, calls, files, isLive } = useStore();
  const problems = [...files.values()].filter(({ problem }) => problem !== undefined);
  return html`
    <${Toolbar} />
    ${problems.map(
      ({ name, problem }) =>
        html`<p class="problem" role="alert">${name} is not a recording: ${problem}</p>`,
    )}
    ${
      selected === undefined
        ? html`<${Empty} isLive=${isLive} />`
        : html`<main class=${calls.length > 1 ? 'has-list' : ''}>
            ${calls.length > 1 && html`<${CallList} />`}
            <section class="call" aria-label="Call">
              <${Summary} call=${selected} />
              <${Lanes} call=${selected} />
              <div class="panes">
                <${MessagePane} call=${selected} />
                <${Tabs} call=${selected} />
              </div>
            </section>
          </main>`
    }
    <${Help} />
    <div class="drop-hint" aria-hidden="true">Drop recordings to open them</div>
  `;
}

function Empty({ isLive }: { isLive: boolean }): VNode {
  return html`<main class="empty">
    <div>
      <h2>${isLive ? 'Waiting for the first request' : 'Drop a recording here'}</h2>
      <p>
        ${
          isLive
            ? 'Calls show up as they happen.'
            : 'A file of millrace record, of --record or --jsonl, or the bytes of an event stream.'
        }
      </p>
      <p class="dim">Nothing leaves this page.</p>
    </div>
  </main>`;
}
