import { scriptError } from '../model/error.js';
import type { Received } from '../model/request.js';
import type { Step } from '../model/step.js';
import { type Answer, errorAnswer } from '../script/answer-reply.js';
import { type Clock, realClock } from '../time/clock.js';
import { createHost, type Host } from '../wire/host.js';
import { nextNumber, writeText } from './folder.js';
import { encodeRecording, type RecordedChunk, type Recording } from './recording.js';
import { redacted, secretsOf } from './redact.js';

/** Options of `record`. */
export interface RecordOptions {
  /** The API that is asked, such as `https://api.anthropic.com`. */
  upstream: string;
  /** Where the recordings go: a file for each exchange. It is made where it is missing. */
  dir: string;
  /** How the API is asked. Default: the platform's fetch. */
  fetch?: typeof fetch | undefined;
  /** What its times are taken from. Default: the system's. */
  clock?: Clock | undefined;
}

/**
 * A proxy that keeps what it passes on: each exchange as a file, which `replay` answers from. Keys and
 * other secrets are not in it, but for one that the model writes bit by bit, in several events. Give it to `serve`, or a client its `fetch`.
 * @throws Error (rejects) where the folder cannot be made.
 */
export async function record({
  upstream,
  dir,
  fetch: ask = fetch,
  clock = realClock,
}: RecordOptions): Promise<Host> {
  let next = await nextNumber(dir);
  return createHost(async (received, number, sent) => {
    const name = `${String(next++).padStart(4, '0')}.jsonl`;
    const keep = (recording: Recording): Promise<void> => {
      const text = encodeRecording(redacted(recording, secretsOf(received.request.headers)));
      return writeText(dir, { name, text });
    };
    try {
      const { pathname, search } = new URL(sent.url);
      const response = await ask(upstream.replace(/\/+$/, '') + pathname + search, {
        method: received.request.method,
        headers: without(received.request.headers, HOP),
        ...(received.text === '' ? {} : { body: received.text }),
      });
      return passed(response, received, clock, keep);
    } catch (error) {
      return errorAnswer(scriptError(`${upstream} does not answer: ${error}`), `req_${number}`);
    }
  }, clock);
}

/** Between two hosts only; the fetch of the platform makes its own, and undoes encodings. */
const HOP =
  /^(host|connection|keep-alive|transfer-encoding|content-length|content-encoding|accept-encoding|upgrade|te)$/i;

function without(headers: Readonly<Record<string, string>>, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)));
}

function passed(
  upstream: Response,
  { request }: Received,
  clock: Clock,
  keep: (recording: Recording) => Promise<void>,
): Answer {
  const { method, path, headers, body } = request;
  const response = {
    status: upstream.status,
    headers: without(Object.fromEntries(upstream.headers), HOP),
  };
  const time = (): number => Math.round(clock.now() - request.time);

  async function* steps(): AsyncGenerator<Step, void, undefined> {
    const chunks: RecordedChunk[] = [];
    let end: Recording['end']['end'] = 'left';
    const reader = upstream.body?.getReader();
    try {
      for (;;) {
        const taken = await reader?.read().catch(() => undefined);
        if (taken === undefined && reader !== undefined) {
          end = 'broken';
          yield { end: 'reset' };
          return;
        }
        if (taken === undefined || taken.done) break;
        chunks.push({ at: time(), bytes: taken.value });
        yield { bytes: taken.value };
      }
      end = 'complete';
    } finally {
      // What the API says to that is of no account: nobody reads on.
      if (end === 'left') await reader?.cancel().catch(() => {});
      const at = time();
      await keep({ request: { method, path, headers, body }, response, chunks, end: { at, end } });
    }
  }
  return { ...response, steps: steps() };
}
