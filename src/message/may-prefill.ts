/** The first version whose models refuse prefill with status 400 (WIRE, "Continuing after a cut"). */
const [MAJOR, MINOR] = [4, 6] as const;

/** After the words of the name; clouds put a region or an account before it. */
const VERSION = /claude-(?:[a-z]{1,20}-){0,4}(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/;

/**
 * Whether a model may take the start of its answer as an assistant turn. Names say it as
 * `claude-opus-4-8` or, before version 4, `claude-3-5-sonnet`; a name without a version may.
 */
export function mayPrefill(model: string): boolean {
  const version = VERSION.exec(model);
  if (version === null) return true;
  const [major, minor] = [Number(version[1]), Number(version[2] ?? 0)];
  return major < MAJOR || (major === MAJOR && minor < MINOR);
}
