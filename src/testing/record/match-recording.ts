import type { Recording } from '../../recording/format.js';
import type { EmulatorRequest } from '../model/request.js';

/** A recording, and whether a request has used it. */
export interface RecordedFile {
  readonly file: string;
  readonly recording: Recording;
  isUsed: boolean;
}

/** The next unused recording with the request's method, path and body, otherwise the last one again. */
export function takeRecording(
  request: EmulatorRequest,
  files: readonly RecordedFile[],
  ignore: readonly string[],
): Recording | undefined {
  const same = files.filter((file) => compareRequests(file, request, ignore).length === 0);
  const found = same.find(({ isUsed }) => !isUsed) ?? same.at(-1);
  if (found !== undefined) found.isUsed = true;
  return found?.recording;
}

const MAX_DIFFERENCES = 5;

/** Says that no recording matches, and how the closest one differs. */
export function describeMismatch(
  request: EmulatorRequest,
  dir: string,
  files: readonly RecordedFile[],
  ignore: readonly string[],
): string {
  const problem = `no recording in ${dir} matches ${request.method} ${request.path}`;
  const [closest] = files
    .map((file) => ({ name: file.file, differences: compareRequests(file, request, ignore) }))
    .sort((a, b) => a.differences.length - b.differences.length);
  if (closest === undefined) return `${problem}: none is left`;
  const shown = closest.differences.slice(0, MAX_DIFFERENCES).join('; ');
  return `${problem}: in the closest, ${closest.name}, ${shown}`;
}

function compareRequests(
  { recording }: RecordedFile,
  request: EmulatorRequest,
  ignore: readonly string[],
): string[] {
  const before = toComparable(recording.request as EmulatorRequest);
  return compare(before, toComparable(request), new Set(ignore));
}

const toComparable = ({ method, path, body }: EmulatorRequest) => ({
  method,
  path,
  ...(typeof body === 'object' ? (body as object) : { body }),
});

/** The differences of two JSON values, one line each, such as `model: "a" is now "b"`. */
function compare(before: unknown, now: unknown, ignored: ReadonlySet<string>, path = ''): string[] {
  if (ignored.has(path)) return [];
  if (isTable(before) && isTable(now)) {
    const fields = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...fields].flatMap((field) =>
      compare(before[field], now[field], ignored, path === '' ? field : `${path}.${field}`),
    );
  }
  return before === now ? [] : [`${path}: ${shorten(before)} is now ${shorten(now)}`];
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const MAX_LENGTH = 60;

function shorten(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > MAX_LENGTH ? `${json.slice(0, MAX_LENGTH)}…` : json;
}
