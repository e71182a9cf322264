import { DONE, SIGNAL_CODES } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

/** Why an answer was stopped, and what the command ends with. */
export interface Stopped {
  readonly code: number;
  /** Nobody is there to be told. */
  readonly isQuiet: boolean;
}

/** A stop of one answer: by a signal, by a key, or by a reader of ours that left. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Why it was stopped; undefined while it was not. */
  readonly stopped: Stopped | undefined;
  now(stopped: Stopped): void;
  /** Signals end the process again. */
  release(): void;
}

/** Lets SIGINT, SIGTERM and a broken pipe stop an answer, so that it ends in order. */
export function stopOnSignals(terminal: Terminal): Stop {
  const controller = new AbortController();
  const stop = {
    signal: controller.signal,
    stopped: undefined as Stopped | undefined,
    now(stopped: Stopped): void {
      stop.stopped ??= stopped;
      controller.abort();
    },
    release(): void {
      for (const [signal, end] of onSignal) terminal.off(signal, end);
      terminal.stdout.off('error', left);
    },
  };
  const onSignal = Object.entries(SIGNAL_CODES).map(
    ([signal, code]) =>
      [signal as keyof typeof SIGNAL_CODES, () => stop.now({ code, isQuiet: false })] as const,
  );
  // Whoever reads us may stop, as `head` does. That ends the answer, and is no failure.
  const left = (): void => stop.now({ code: DONE, isQuiet: true });
  for (const [signal, end] of onSignal) terminal.on(signal, end);
  terminal.stdout.on('error', left);
  return stop;
}
