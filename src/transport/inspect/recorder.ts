import { mkdir } from 'node:fs/promises';
import type { NotedError, SentNote } from '../../recording/notes.js';
import { getSecrets } from '../../recording/redact.js';
import type { AttemptContext, Contexts } from '../../trace/contexts.js';
import type { AnyContext, Kind, Note } from '../../trace/sink.js';
import type { TransportRequest, TransportResponse } from '../port.js';
import { ExchangeFile } from './exchange-file.js';
import { recordedBody } from './recorded-body.js';

/** Writes a file for each request: its exchange, and notes of what the client did with it. */
export class Recorder {
  readonly #dir: string;
  readonly #made: Promise<unknown>;
  /** The latest file of each call, run and request that is under way. */
  readonly #files = new Map<string, ExchangeFile>();

  constructor(dir: string) {
    this.#dir = dir;
    this.#made = mkdir(dir, { recursive: true });
    // A folder that can't be made loses recordings, and no request.
    this.#made.catch(() => {});
  }

  attemptBegun({ attemptId, streamId, runId }: AttemptContext): void {
    const file = new ExchangeFile(
      `${this.#dir}/${toStamp(new Date())}-${attemptId}.jsonl`,
      this.#made,
    );
    for (const id of [attemptId, streamId, runId]) if (id !== undefined) this.#files.set(id, file);
  }

  /** @param time when it was made, as of `performance.now()`. */
  async exchange(
    { method, url, headers, body }: TransportRequest,
    attempt: AttemptContext,
    time: number,
    send: () => Promise<TransportResponse>,
  ): Promise<TransportResponse> {
    const file = this.#files.get(attempt.attemptId);
    if (file === undefined) return send();
    const request = { method, path: new URL(url).pathname, headers, body: parsed(body) };
    file.begin(time, getSecrets(headers));
    file.write({ request });
    file.write({ sent: this.#sent(attempt, time) });
    try {
      const response = await send();
      const { head } = response;
      file.add({ response: { status: head.status, headers: Object.fromEntries(head.fields()) } });
      return { ...response, body: recordedBody(response.body, file) };
    } catch (error) {
      file.end('broken');
      throw error;
    }
  }

  noted(note: Note, streamId: string, time: number): void {
    const file = this.#files.get(streamId);
    if (note.type === 'restart') file?.add({ restart: { index: note.index } }, time);
    if (note.type === 'retry') {
      const { attempt, delay, error } = note;
      file?.add({ retry: { attempt, delay, error: toNoted(error) } }, time);
    }
    if (note.type === 'recover') {
      const { attempt, mode, error } = note;
      file?.add({ recover: { attempt, mode, error: toNoted(error) } }, time);
    }
  }

  ended(kind: Kind, context: AnyContext, time: number): void {
    this.#ends[kind]?.(context as never, time);
  }

  readonly #ends: { readonly [K in Kind]?: (context: Contexts[K], time: number) => void } = {
    attempt: ({ attemptId }) => void this.#files.delete(attemptId),
    stream: ({ streamId, outcome = 'failed', error }, time) => {
      const call = { outcome, ...(error && { error: toNoted(error) }) };
      this.#files.get(streamId)?.add({ call }, time);
      this.#files.delete(streamId);
    },
    // In the file of the turn that called it.
    tool: ({ runId, toolUseId: id, name, ms = 0, isError = false }, time) => {
      this.#files.get(runId)?.add({ tool: { id, name, ms, isError } }, time);
    },
    run: ({ runId, turns, ms = 0, error }, time) => {
      const run = { runId, turns, ms, ...(error && { error: toNoted(error) }) };
      this.#files.get(runId)?.add({ run }, time);
      this.#files.delete(runId);
    },
  };

  #sent(
    { streamId, attemptId, attempt, runId, turn, url, timeouts: limits }: AttemptContext,
    time: number,
  ): SentNote {
    const set = Object.entries(limits).filter(([, ms]) => ms !== Infinity);
    const timeouts = Object.fromEntries(set);
    return {
      ...{ time: Math.round(performance.timeOrigin + time), streamId, attemptId, attempt },
      ...{ runId, turn, url, timeouts },
    };
  }
}

/** What sorts the files by their time: `20261128T192501.412`. */
function toStamp(date: Date): string {
  return date.toISOString().replace(/[-:Z]/g, '');
}

function toNoted({ name, message }: Error): NotedError {
  return { name, message };
}

function parsed(body: string | undefined): unknown {
  try {
    return body === undefined ? '' : JSON.parse(body);
  } catch {
    return body;
  }
}
