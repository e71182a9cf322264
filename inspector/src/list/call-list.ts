import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Call } from '../call/call.js';
import { type Facts, factsOf } from '../call/facts.js';
import { count } from '../recording/framing.js';
import { toCount, toDuration } from '../show/duration.js';
import { useWindow } from '../show/use-window.js';
import { store, useStore } from '../store.js';

const ROW = 34;

/** A column: its heading, its value, and from which width of the page it is shown. */
const COLUMNS: readonly [
  name: string,
  title: string,
  from: string,
  value: (facts: Facts) => string,
][] = [
  ['TTFB', 'time to the first byte', 'wide', ({ firstByte }) => ms(firstByte)],
  ['TTFT', 'time to the first token', 'medium', ({ firstContent }) => ms(firstContent)],
  ['Total', '', 'narrow', ({ total }) => ms(total)],
  [
    'Tok/s',
    'output tokens a second',
    'wide',
    ({ rate }) => (rate === undefined ? '–' : rate.toFixed(0)),
  ],
  ['In', 'input tokens', 'medium', ({ tokens }) => number(tokens?.in)],
  ['Cached', 'input tokens read from the cache', 'wide', ({ tokens }) => number(tokens?.cached)],
  ['Out', 'output tokens', 'medium', ({ tokens }) => number(tokens?.out)],
  ['Retries', '', 'wide', ({ retries }) => String(retries)],
  ['Gap', 'the longest gap', 'wide', ({ longestGap }) => ms(longestGap)],
];

/** All calls, those of a run of tools under its name. */
export function CallList(): VNode {
  const { calls, selected } = useStore();
  const items = itemsOf(calls);
  const inSight = selected ? items.indexOf(selected) : 0;
  const { ref, first, last } = useWindow(items.length, ROW, Math.max(0, inSight));
  const shown = items.slice(first, last);
  return html`<section class="list" aria-label="Calls" ref=${ref} tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Call</th>
          ${COLUMNS.map(
            ([name, title, from]) =>
              html`<th scope="col" class="number ${from}" title=${title || null}>${name}</th>`,
          )}
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        <tr class="space" style=${{ height: `${first * ROW}px` }} aria-hidden="true"></tr>
        ${shown.map((item) =>
          item instanceof Call
            ? html`<${Row} key=${item.id} call=${item} isSelected=${item === selected} />`
            : html`<${RunRow} key=${item.runId} ...${item} />`,
        )}
        <tr class="space" style=${{ height: `${(items.length - last) * ROW}px` }} aria-hidden="true"></tr>
      </tbody>
    </table>
  </section>`;
}

/** An agent run: the calls that follow its row. */
interface Run {
  readonly runId: string;
  readonly calls: readonly Call[];
}

function itemsOf(calls: readonly Call[]): (Call | Run)[] {
  return calls.flatMap((call, at) => {
    const { runId } = call;
    const isFirst = runId !== undefined && calls[at - 1]?.runId !== runId;
    return isFirst ? [{ runId, calls: calls.filter((one) => one.runId === runId) }, call] : [call];
  });
}

function RunRow({ runId, calls }: Run): VNode {
  const notes = calls.flatMap(({ attempts }) => attempts.flatMap(({ notes }) => notes));
  const tools = notes.filter(({ name }) => name === 'tool').length;
  const end = notes.find((note) => note.name === 'run');
  const total = end === undefined ? '' : ` · ${toDuration(end.value.ms)}`;
  const outcome = end === undefined ? 'running' : (end.value.error?.name ?? 'complete');
  return html`<tr class="run">
    <th scope="row" colspan=${COLUMNS.length + 2}>
      <strong>Run ${runId.slice(-4)}</strong>
      ${` · ${count(calls.length, 'turn')} · ${count(tools, 'tool call')}${total} · ${outcome}`}
    </th>
  </tr>`;
}

function Row({ call, isSelected }: { call: Call; isSelected: boolean }): VNode {
  const facts = factsOf(call);
  const { turn } = call.first.sent ?? {};
  return html`<tr
    class="is-${facts.state} ${isSelected ? 'is-selected' : ''}"
    onClick=${() => store.select(call)}
  >
    <th scope="row">
      <button type="button" aria-pressed=${isSelected}>
        <span class="dot" aria-hidden="true"></span>
        ${turn !== undefined && html`<span class="turn">turn ${turn}</span>`}
        <span class="model">${facts.model}</span>
        <span class="file">${call.file}${call.number > 0 ? ` #${call.number + 1}` : ''}</span>
      </button>
    </th>
    ${COLUMNS.map(([name, , from, value]) => html`<td key=${name} class="number ${from}">${value(facts)}</td>`)}
    <td class="outcome">${facts.outcome}</td>
  </tr>`;
}

const ms = (value: number | undefined): string => (value === undefined ? '–' : toDuration(value));
const number = (value: number | undefined): string => (value === undefined ? '–' : toCount(value));
