/*
 * The memory that the client's thread shares with the thread that watches for SIGINT: two Int32.
 */

/** How many signals the watcher has received. */
export const RECEIVED = 0;
/** One of the states below. */
export const STATE = 1;

/** SIGINT is the runtime's again. Only the watcher sets it, when it is told to stop. */
export const IDLE = 0;
/** The watcher is told to watch. Only the client's thread sets it, while it is idle. */
export const STARTING = 1;
/** From here on the watcher receives every SIGINT of the process. Only the watcher sets it. */
export const WATCHING = 2;
/** The watcher is told to stop. Only the client's thread sets it. */
export const STOPPING = 3;
