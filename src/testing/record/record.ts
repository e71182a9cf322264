import {
  encodeChunk,
  encodeLine,
  encodeRecording,
  type RecordedChunk,
  type RecordedRequest,
  type Recording,
} from '../../recording/format.js';
import { getSecrets, redact, redactLine } from '../../recording/redact.js';
import { type Answer, toErrorAnswer } from '../model/answer.js';
import { toScriptError } from '../model/error.js';
import type { EmulatorRequest } from '../model/request.js';
import type { Step } from '../model/step.js';
import { type Clock, systemClock } from '../time/clock.js';
import type { ReceivedRequest } from '../wire/exchange.js';
import { createHost, type Host, type HostOptions } from '../wire/host.js';
import { getNextNumber, writeText } from './folder.js';

/** Options of `record`. */
export interface RecordOptions extends HostOptions {
  /** The API that gets the requests, such as `https://api.anthropic.com`. */
  upstream: string;
  /** The folder for the recordings, one file per exchange. Created if it doesn't exist. */
  dir: string;
  /** Sends the requests to the API. Default: the platform's fetch. */
  fetch?: typeof fetch | undefined;
  /**
   * Called when an exchange couldn't be kept: its file can't be written, or its response is larger than 64 MiB. The
   * client gets its answer all the same. Default: a line on stderr.
   */
  onError?: ((error: Error) => void) | undefined;
  /**
   * Called with each line of a recording as it happens, for a live view. The lines are those of the file, but a secret
   * that spans chunks is removed from the file only.
   */
  onLine?: ((file: string, line: string) => void) | undefined;
}

/** A larger response isn't kept. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * A proxy that records each exchange as a file, which `replayRecordings` answers from. Pass it to
 * `serve`, or its `fetch` to a client. Keys and other secrets are removed, except for a secret that
 * the model writes in pieces, across several events. A secret has 8 characters or more. Bytes are passed on as they
 * are, and redirects are passed on, not followed.
 * @throws Error (rejects) if the folder can't be created, or `upstream` isn't an http(s) address without user name and
 * password.
 */
export async function record({
  upstream,
  dir,
  fetch: send = fetch,
  onError = printError,
  onLine,
  ...options
}: RecordOptions): Promise<Host> {
  const base = checkUpstream(upstream);
  const { clock = systemClock } = options;
  let next = await getNextNumber(dir);
  return createHost(async (received, number, sent) => {
    const name = `${String(next++).padStart(4, '0')}.jsonl`;
    // The answer is the client's: it doesn't depend on whether its recording could be kept.
    const save = async (recording: Recording | undefined): Promise<void> => {
      try {
        if (recording === undefined) throw new Error('the response is larger than 64 MiB');
        const text = encodeRecording(redact(recording, getSecrets(received.request.headers)));
        await writeText(dir, { name, text });
      } catch (cause) {
        const error = new Error(`recording ${name} was not kept: ${toReason(cause)}`, { cause });
        // What it throws is no reason either to break the answer.
        queueMicrotask(() => onError(error));
      }
    };
    const tell = onLine && liveLines(received.request, (line) => onLine(name, line));
    try {
      const { pathname, search } = new URL(sent.url);
      const response = await send(base + pathname + search, {
        method: received.request.method,
        redirect: 'manual',
        // fetch would decode the body: it is asked for as it is recorded.
        headers: { ...omit(received.request.headers, HOP_BY_HOP), 'accept-encoding': 'identity' },
        ...(received.bytes.length === 0 ? {} : { body: received.bytes as BodyInit }),
      });
      return passOn(response, received, clock, { save, tell });
    } catch (error) {
      const problem = `${base} does not answer: ${toReason(error)}`;
      const end = { at: Math.round(clock.now() - received.request.time), end: 'broken' } as const;
      tell?.(end);
      await save({ request: toRecorded(received.request), response: undefined, chunks: [], end });
      return toErrorAnswer(toScriptError(problem), `req_${number}`);
    }
  }, options);
}

/** @returns the address without slashes at its end. */
function checkUpstream(upstream: string): string {
  // The address isn't in the message: it can have a password in it.
  if (!/^https?:/i.test(upstream) || !URL.canParse(upstream)) {
    throw new Error('upstream must be an address such as https://api.anthropic.com');
  }
  const { username, password, origin, pathname } = new URL(upstream);
  if (username !== '' || password !== '') {
    throw new Error('omit user name and password from upstream: clients send their own key');
  }
  return origin + pathname.replace(/(?<!\/)\/+$/, '');
}

/** What the platform's fetch says is "fetch failed"; its cause says why. */
function toReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : 'a value that is no Error was thrown';
}

function printError({ message }: Error): void {
  // biome-ignore lint/suspicious/noConsole: a recording that is missing must not go unnoticed.
  console.error(`millrace: ${message}`);
}

/** Headers between two hosts only. The platform's fetch sets its own, and decodes bodies. */
const HOP_BY_HOP =
  /^(host|connection|keep-alive|transfer-encoding|content-length|content-encoding|accept-encoding|upgrade|te)$/i;

function omit(headers: Readonly<Record<string, string>>, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)));
}

/** What becomes of an exchange. */
interface Keeper {
  readonly save: (recording: Recording | undefined) => Promise<void>;
  readonly tell: ((line: object) => void) | undefined;
}

function toRecorded({ method, path, headers, body }: EmulatorRequest): RecordedRequest {
  return { method, path, headers, body };
}

/** Passes on each line of an exchange, without secrets, the first of them now. */
function liveLines(request: EmulatorRequest, pass: (line: string) => void): (line: object) => void {
  const secrets = getSecrets(request.headers);
  const tell = (line: object): void => pass(encodeLine(redactLine(line, secrets)));
  tell({ request: toRecorded(request) });
  return tell;
}

function passOn(
  upstream: Response,
  { request }: ReceivedRequest,
  clock: Clock,
  { save, tell }: Keeper,
): Answer {
  const response = {
    status: upstream.status,
    headers: omit(Object.fromEntries(upstream.headers), HOP_BY_HOP),
  };
  const getTime = (): number => Math.round(clock.now() - request.time);
  tell?.({ at: getTime(), response });

  async function* steps(): AsyncGenerator<Step, void, undefined> {
    let chunks: RecordedChunk[] = [];
    let length = 0;
    let end: Recording['end']['end'] = 'left';
    const reader = upstream.body?.getReader();
    let isLeft = false;
    // A read of a silent server doesn't end by itself.
    void request.ended.then((ending) => {
      isLeft = ending === 'left';
      if (isLeft) void reader?.cancel().catch(() => {});
    });
    try {
      for (;;) {
        const read = await reader?.read().catch(() => undefined);
        if (read === undefined && reader !== undefined) {
          end = 'broken';
          yield { end: 'reset' };
          return;
        }
        if (read === undefined || read.done) break;
        length += read.value.length;
        if (length > MAX_BYTES) chunks = [];
        else chunks.push({ at: getTime(), bytes: read.value });
        tell?.(encodeChunk({ at: getTime(), bytes: read.value }));
        yield { bytes: read.value };
      }
      if (!isLeft) end = 'complete';
    } finally {
      // A failed cancel doesn't matter: nothing is read any more.
      if (end === 'left') await reader?.cancel().catch(() => {});
      tell?.({ at: getTime(), end });
      const exchange = { request: toRecorded(request), response, chunks };
      await save(length > MAX_BYTES ? undefined : { ...exchange, end: { at: getTime(), end } });
    }
  }
  return { ...response, steps: steps() };
}
