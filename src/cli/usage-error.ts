/** The command line is wrong, or a file that it names; the message says what to write instead. */
export class UsageError extends Error {}
