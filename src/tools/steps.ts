/**
 * Work that calls functions of the user, which may return promises. It yields what it waits for, and a
 * driver continues it: one that awaits promises (`awaitSteps`), or one that blocks and refuses them
 * (`Task`). It yields undefined where a driver may pause.
 */
export type Steps<T> = Generator<Wait | undefined, T, unknown>;

/** What is needed for the next step. */
export interface Wait {
  /** Values, promises of them, or work that the driver has started. */
  readonly values: readonly unknown[];
  /** What returned them, for messages. */
  readonly from: string;
}

/** Waits for a value that may be a promise. @throws what the promise rejects with. */
export function* wait<T>(value: T | PromiseLike<T>, from: string): Steps<T> {
  const [settled] = (yield { values: [value], from }) as [T];
  return settled;
}
