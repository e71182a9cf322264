import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Call } from '../call/call.js';
import { toCount } from '../show/duration.js';
import { useCursor, useStore } from '../store.js';

/** What was asked. */
export function RequestTab({ call }: { call: Call }): VNode {
  const { seen } = useCursor();
  const { attempt } = call.placeOf(Math.max(0, seen - 1));
  const { request, response, sent } = attempt;
  if (request === undefined) return html`<p class="pad dim">The request was not recorded.</p>`;
  return html`<div class="scroll pad whole" tabindex="0">
    <p><code>${request.method} ${sent?.url ?? request.path}</code></p>
    <${Fields} name="Request headers" fields=${request.headers} />
    <${Fields} name="Response headers" fields=${response?.headers ?? {}} />
    <h3>Body</h3>
    <pre>${toText(request.body)}</pre>
  </div>`;
}

function Fields({
  name,
  fields,
}: {
  name: string;
  fields: Readonly<Record<string, string>>;
}): VNode {
  return html`<h3>${name}</h3>
    <dl class="headers">
      ${Object.entries(fields).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
    </dl>`;
}

/** The message as the client has it at the end, finished or not. */
export function ResultTab({ call }: { call: Call }): VNode {
  useStore();
  const { failure, message } = call.last;
  return html`<div class="scroll pad whole" tabindex="0">
    ${failure !== undefined && html`<p class="failure"><strong>${failure.name}</strong> ${failure.message}</p>`}
    ${message === undefined ? html`<p class="dim">No message.</p>` : html`<pre>${toText(message)}</pre>`}
  </div>`;
}

const MOST_SHOWN = 100_000;

function toText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  if (text.length <= MOST_SHOWN) return text;
  return `${text.slice(0, MOST_SHOWN)}\n… ${toCount(text.length - MOST_SHOWN)} characters more`;
}
