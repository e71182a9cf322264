import type { UntypedEvent } from '../../message/untyped.js';
import { scriptError } from '../model/error.js';
import { createIds } from '../model/ids.js';
import type { EmulatorRequest } from '../model/request.js';
import type { Step } from '../model/step.js';
import { type Answer, answer, errorAnswer } from '../script/answer-reply.js';
import { type Clock, realClock } from '../time/clock.js';
import { createHost, type Host } from '../wire/host.js';
import { readFolder, type TextFile } from './folder.js';
import { differences } from './match-recording.js';
import { decodeRecording, type Recording } from './recording.js';

/** Options of `replay`. */
export interface ReplayOptions {
  /**
   * The folder with the recordings: files of `record`, and `.jsonl` lists of events. Events tell of no
   * request: they answer those that no recording matches, each list once, in the order of the names.
   */
  dir: string;
  /** Takes the time that it took. Default false: nothing takes time. */
  timing?: boolean | undefined;
  /** What `timing` waits with. Default: the system's. */
  clock?: Clock | undefined;
}

/** Recordings that answer requests. */
export interface Replayed extends Host {
  /** What was asked that no recording matches, and what differs in the closest one. */
  readonly unmatched: readonly string[];
}

interface Recorded {
  readonly file: string;
  readonly recording: Recording;
  isUsed: boolean;
}

/**
 * Answers from recordings: each request with the one whose method, path and body are its own. Of
 * several the next unused is taken, at last the last one again. Headers do not count, and there is no
 * check of requests. What no recording matches is answered with an `api_error` that says what differs.
 * @throws Error (rejects) where the folder cannot be read, or a file of it, or nothing is recorded.
 */
export async function replay({
  dir,
  timing = false,
  clock = realClock,
}: ReplayOptions): Promise<Replayed> {
  const { recorded, lists } = sorted(await readFolder(dir));
  if (recorded.length + lists.length === 0) {
    throw new Error('no recordings are there: give a folder with the .jsonl files of record()');
  }
  const ids = createIds(undefined);
  const unmatched: string[] = [];
  const host = createHost(async ({ request }, number) => {
    const requestId = ids.request(number);
    const found = recordingFor(request, recorded);
    if (found !== undefined) return playedBack(found, timing);
    const events = request.path === '/v1/messages' ? lists.shift() : undefined;
    if (events !== undefined) {
      const params = request.body;
      const question = { params, requestId, number, ids, pace: undefined };
      return answer({ kind: 'events', events }, question);
    }
    const problem = noMatch(request, dir, recorded);
    unmatched.push(problem);
    return errorAnswer(scriptError(problem), requestId);
  }, clock);
  return { ...host, unmatched };
}

/** Several messages in one list are several answers. */
function sorted(files: readonly TextFile[]): { recorded: Recorded[]; lists: UntypedEvent[][] } {
  const recorded: Recorded[] = [];
  const lists: UntypedEvent[][] = [];
  for (const { name, text } of files) {
    const lines = linesOf(name, text);
    if (lines[0]?.request === undefined) lists.push(...messagesIn(lines as UntypedEvent[]));
    else recorded.push({ file: name, recording: decodeIn(name, lines), isUsed: false });
  }
  return { recorded, lists };
}

function linesOf(file: string, text: string): Record<string, unknown>[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, at) => {
    try {
      return JSON.parse(line);
    } catch (cause) {
      throw new Error(`${file}: line ${at + 1} is not JSON`, { cause });
    }
  });
}

function decodeIn(file: string, lines: readonly unknown[]): Recording {
  try {
    return decodeRecording(lines);
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}

function messagesIn(events: readonly UntypedEvent[]): UntypedEvent[][] {
  const lists: UntypedEvent[][] = [[]];
  for (const event of events) {
    lists.at(-1)?.push(event);
    if (event.type === 'message_stop') lists.push([]);
  }
  return lists.filter((list) => list.length > 0);
}

const asked = ({ method, path, body }: Pick<EmulatorRequest, 'method' | 'path' | 'body'>) => ({
  method,
  path,
  ...(typeof body === 'object' ? (body as object) : { body }),
});

function differencesFrom(request: EmulatorRequest, { recording }: Recorded): string[] {
  return differences(asked(recording.request as EmulatorRequest), asked(request));
}

function recordingFor(
  request: EmulatorRequest,
  recorded: readonly Recorded[],
): Recording | undefined {
  const same = recorded.filter((one) => differencesFrom(request, one).length === 0);
  const found = same.find(({ isUsed }) => !isUsed) ?? same.at(-1);
  if (found !== undefined) found.isUsed = true;
  return found?.recording;
}

const MOST_TOLD = 5;

function noMatch(request: EmulatorRequest, dir: string, recorded: readonly Recorded[]): string {
  const what = `no recording in ${dir} matches ${request.method} ${request.path}`;
  const [closest] = recorded
    .map((one) => ({ file: one.file, found: differencesFrom(request, one) }))
    .sort((a, b) => a.found.length - b.found.length);
  if (closest === undefined) return `${what}: there is none left`;
  return `${what}: in the closest, ${closest.file}, ${closest.found.slice(0, MOST_TOLD).join('; ')}`;
}

function playedBack({ response, chunks, end }: Recording, timing: boolean): Answer {
  return {
    ...response,
    ...(timing && { delay: chunks[0]?.at ?? end.at }),
    steps: stepsOf(chunks, end, timing),
  };
}

function* stepsOf(
  chunks: Recording['chunks'],
  { at, end }: Recording['end'],
  timing: boolean,
): Generator<Step, void, undefined> {
  let passed = chunks[0]?.at ?? at;
  for (const chunk of chunks) {
    if (timing && chunk.at > passed) yield { wait: chunk.at - passed };
    passed = chunk.at;
    yield { bytes: chunk.bytes };
  }
  if (timing && at > passed) yield { wait: at - passed };
  if (end !== 'complete') yield { end: 'reset' };
}
