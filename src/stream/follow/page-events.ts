interface Target {
  addEventListener?: (name: string, listener: () => void) => void;
  removeEventListener?: (name: string, listener: () => void) => void;
}

/**
 * Calls back when a page may have lost its connections without notice: it is shown again, or the device is online
 * again. Where there is no page it does nothing.
 * @returns a function that stops it.
 */
export function onPageReturn(callback: () => void): () => void {
  const { document } = globalThis as { document?: Target & { visibilityState?: string } };
  const shown = (): void => {
    if (document?.visibilityState === 'visible') callback();
  };
  const page = globalThis as Target;
  const rows: [Target | undefined, string, () => void][] = [
    [page, 'pageshow', callback],
    [page, 'online', callback],
    [document, 'visibilitychange', shown],
  ];
  for (const [target, name, listener] of rows) target?.addEventListener?.(name, listener);
  return () => {
    for (const [target, name, listener] of rows) target?.removeEventListener?.(name, listener);
  };
}
