/** The command line is invalid, or a file on it can't be used; the message says what to write instead. */
export class UsageError extends Error {}
