/** What is meant where no command is named. */
export const DEFAULT_COMMAND = 'stream';
