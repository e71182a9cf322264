/** A place in a log. Entry 0 of an epoch is the claim of its producer. */
export interface Position {
  epoch: number;
  seq: number;
}

/** The place of the last entry of a log: nothing follows it. */
export const END: Position = /* @__PURE__ */ Object.freeze({ epoch: Infinity, seq: Infinity });

/** One entry of a log. */
export interface Entry extends Position {
  /** JSON without line breaks. */
  payload: string;
}

/** Entries as they were appended, and the place of the entry before them; undefined where there was none. */
export interface Push {
  after: Position | undefined;
  entries: readonly Entry[];
}

/**
 * What became of an append:
 * - `ok`: the entries are in the log, from this call or from an earlier one;
 * - `fenced`: another producer has claimed the log, or it has ended;
 * - `gap`: entries before these are missing, as after a failover that lost them;
 * - `gone`: there is no such log: it has expired.
 */
export type Appended = 'ok' | 'fenced' | 'gap' | 'gone';

/** How an append changes its log besides adding entries. */
export interface AppendOptions {
  /** How long the log is kept from now on, in milliseconds. Counts for a claim and for an end. */
  ttl: number;
  /** The payload of the entry that ends the log, after the others. */
  end?: string | undefined;
}

/**
 * Where logs are kept. The contract suite in `test/relay/engine-contract.ts` says what each method must do.
 *
 * A method that can't reach the store rejects, with any error: the relay tries again.
 */
export interface Engine {
  /**
   * Adds entries at a place. Seq 0 claims an epoch: the first one creates the log, a later one succeeds only
   * where its epoch is above that of the last entry. With `at` END, and only `end`, the log is ended by force.
   */
  append(
    id: string,
    at: Position,
    payloads: readonly string[],
    options: AppendOptions,
  ): Promise<Appended>;
  /** Entries after a place, at most `max`. Never waits. An empty list for a log that does not exist. */
  read(id: string, after: Position | undefined, max: number): Promise<Entry[]>;
  /**
   * Calls back after each append, with the entries where the engine can push them, and whenever entries may
   * have been missed. @returns a function that stops it.
   */
  watch(id: string, wake: (push?: Push) => void): () => void;
  /**
   * Renews the lease of a producer for `lease` milliseconds (0 gives it up), and keeps the log for `ttl` more. With the
   * epoch of END it keeps any log, also one that has ended.
   * @returns false where the log is gone, or another producer has claimed it.
   */
  beat(id: string, epoch: number, lease: number, ttl: number): Promise<boolean>;
  /** How long the lease still runs, in milliseconds; 0 where it has run out. */
  alive(id: string): Promise<number>;
  /** Deletes a log. */
  remove(id: string): Promise<void>;
}

/** Negative where a place comes before another. */
export function compare(a: Position, b: Position): number {
  // Infinity less Infinity is no number.
  if (a.epoch !== b.epoch) return a.epoch < b.epoch ? -1 : 1;
  return a.seq === b.seq ? 0 : a.seq < b.seq ? -1 : 1;
}

/** Whether two places are the same; undefined is the place before the first entry. */
export function isSame(a: Position | undefined, b: Position | undefined): boolean {
  return a?.epoch === b?.epoch && a?.seq === b?.seq;
}

export function isEnd({ epoch }: Position): boolean {
  return epoch === Infinity;
}

/** The index of the first entry after a place. */
export function indexAfter(entries: readonly Entry[], after: Position): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(entries[middle] as Entry, after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entries of an append that are new, and what became of it, by the last entry of the log. */
export function toAppend(
  top: Entry | undefined,
  at: Position,
  payloads: readonly string[],
  end: string | undefined,
): { outcome: Appended; entries: Entry[] } {
  const isRepeated = end !== undefined && !isEnd(at) && top?.payload === end;
  if (top !== undefined && isEnd(top) && isRepeated) return { outcome: 'ok', entries: [] };
  const outcome = judge(top, at, payloads);
  if (outcome !== 'ok') return { outcome, entries: [] };
  const entries = toEntries(at, payloads, end);
  return { outcome, entries: entries.filter((it) => top === undefined || compare(it, top) > 0) };
}

/** The entries of an append. */
export function toEntries(
  { epoch, seq }: Position,
  payloads: readonly string[],
  end: string | undefined,
): Entry[] {
  const entries: Entry[] = payloads.map((payload, index) => ({ epoch, seq: seq + index, payload }));
  if (end !== undefined) entries.push({ ...END, payload: end });
  return entries;
}

function judge(top: Entry | undefined, at: Position, payloads: readonly string[]): Appended {
  const isClaim = at.seq === 0;
  if (top === undefined) return isClaim && at.epoch === 1 ? 'ok' : 'gone';
  if (isEnd(top)) return 'fenced';
  if (isEnd(at)) return 'ok';
  if (top.epoch > at.epoch) return 'fenced';
  if (top.epoch < at.epoch) return isClaim ? 'ok' : 'gap';
  // A rival's claim has the same place, but another payload. Alone it is repeated before anything follows it.
  const isOther = top.seq === 0 ? top.payload !== payloads[0] : payloads.length === 1;
  if (isClaim && isOther) return 'fenced';
  return top.seq < at.seq - 1 ? 'gap' : 'ok';
}
