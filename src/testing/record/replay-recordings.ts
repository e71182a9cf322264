import type { UntypedEvent } from '../../message/untyped.js';
import { decodeRecording, type Recording } from '../../recording/format.js';
import { type Answer, toErrorAnswer } from '../model/answer.js';
import { toEmulatedError, toJsonError } from '../model/error.js';
import { createIds } from '../model/ids.js';
import type { Step } from '../model/step.js';
import { answerReply } from '../script/answer-reply.js';
import { NO_CACHE } from '../script/prompt-cache.js';
import { createHost, type Host, type HostOptions } from '../wire/host.js';
import { readFolder, type TextFile } from './folder.js';
import { describeMismatch, type RecordedFile, takeRecording } from './match-recording.js';
import { splitMessages } from './parse-recording.js';

/** Options of `replayRecordings`. */
export interface ReplayOptions extends HostOptions {
  /**
   * The folder with the recordings: files of `record`, and `.jsonl` lists of events. A list of events
   * names no request: it answers a request that no recording matches, each list once, in the order of
   * the file names.
   */
  dir: string;
  /**
   * Fields of bodies in which a request may differ from its recording, such as `metadata` or
   * `metadata.user_id`. Default: none.
   */
  ignore?: readonly string[] | undefined;
  /** Repeats the recorded delays. Default false: nothing takes time. */
  timing?: boolean | undefined;
}

/** Answers requests from recordings. */
export interface ReplayHost extends Host {
  /** The requests that no recording matched, and how the closest recording differs. */
  readonly unmatched: readonly string[];
}

/**
 * Answers from recordings: each request with the one that has its method, path and body. If there are
 * several, the next unused one is taken, and finally the last one again. Headers are ignored, and
 * requests aren't checked. A request without a match gets a 404 that says what differs.
 * @throws Error (rejects) if the folder or a file can't be read, or there are no recordings.
 */
export async function replayRecordings({
  dir,
  timing = false,
  ignore = [],
  ...options
}: ReplayOptions): Promise<ReplayHost> {
  const { recorded, lists } = decodeFiles(await readFolder(dir));
  if (recorded.length + lists.length === 0) {
    throw new Error('there are no recordings: pass a folder with the .jsonl files of record()');
  }
  const ids = createIds(undefined);
  const unmatched: string[] = [];
  const host = createHost(async ({ request, jsonProblem }, number) => {
    const requestId = ids.request(number);
    const recording = takeRecording(request, recorded, ignore);
    if (recording !== undefined) return toAnswer(recording, timing);
    const events = request.path === '/v1/messages' ? lists.shift() : undefined;
    if (events !== undefined) {
      const context = {
        params: request.body,
        requestId,
        number,
        ids,
        pace: undefined,
        cache: NO_CACHE,
      };
      return answerReply({ kind: 'events', events }, context);
    }
    if (request.method === 'POST' && jsonProblem !== undefined) {
      return toErrorAnswer(toJsonError(jsonProblem), requestId);
    }
    const problem = describeMismatch(request, dir, recorded, ignore);
    unmatched.push(problem);
    // Most clients repeat a 500, and would wait for what never comes.
    return toErrorAnswer(toEmulatedError('not_found_error', problem), requestId);
  }, options);
  return { ...host, unmatched };
}

/** A list of events with several messages answers several requests. */
function decodeFiles(files: readonly TextFile[]): {
  recorded: RecordedFile[];
  lists: UntypedEvent[][];
} {
  const recorded: RecordedFile[] = [];
  const lists: UntypedEvent[][] = [];
  for (const { name, text } of files) {
    const lines = parseLines(name, text);
    if (lines[0]?.request === undefined) lists.push(...splitMessages(lines as UntypedEvent[]));
    else recorded.push({ file: name, recording: decodeFile(name, lines), isUsed: false });
  }
  return { recorded, lists };
}

function parseLines(file: string, text: string): Record<string, unknown>[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, at) => {
    try {
      return JSON.parse(line);
    } catch (cause) {
      throw new Error(`${file}: line ${at + 1} is not JSON`, { cause });
    }
  });
}

function decodeFile(file: string, lines: readonly unknown[]): Recording {
  try {
    return decodeRecording(lines);
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}

function toAnswer({ response, chunks, end }: Recording, timing: boolean): Answer {
  if (response === undefined) return { status: 0, headers: {}, steps: [], failure: 'reset' };
  return {
    ...response,
    ...(timing && { delay: chunks[0]?.at ?? end.at }),
    steps: toSteps(chunks, end, timing),
  };
}

function* toSteps(
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
