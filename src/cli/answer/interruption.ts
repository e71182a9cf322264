import { DONE, SIGNAL_CODES } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

/** Why an answer was interrupted, and how the command exits. */
export interface Interruption {
  readonly code: number;
  /** Nothing reads the output any more: don't report the end. */
  readonly isQuiet: boolean;
}

/** Interrupts one answer: on a signal, on a key, or because the reader of stdout has left. */
export interface Interrupter {
  readonly signal: AbortSignal;
  /** The first interruption; undefined without one. */
  readonly interruption: Interruption | undefined;
  interrupt(interruption: Interruption): void;
  /** Signals end the process again. */
  release(): void;
}

/** Lets SIGINT, SIGTERM and a broken pipe interrupt an answer, so that it ends in order. */
export function interruptOnSignals(terminal: Terminal): Interrupter {
  const controller = new AbortController();
  const interrupter = {
    signal: controller.signal,
    interruption: undefined as Interruption | undefined,
    interrupt(interruption: Interruption): void {
      interrupter.interruption ??= interruption;
      controller.abort();
    },
    release(): void {
      for (const [signal, listener] of listeners) terminal.off(signal, listener);
      stopWatching();
    },
  };
  const listeners = Object.entries(SIGNAL_CODES).map(
    ([signal, code]) =>
      [
        signal as keyof typeof SIGNAL_CODES,
        () => interrupter.interrupt({ code, isQuiet: false }),
      ] as const,
  );
  // The reader of a pipe can leave, as `head` does. That ends the answer, and is no failure.
  const onBrokenPipe = (): void => interrupter.interrupt({ code: DONE, isQuiet: true });
  const stopWatching = terminal.stdout.onBroken(onBrokenPipe);
  for (const [signal, listener] of listeners) terminal.on(signal, listener);
  return interrupter;
}
