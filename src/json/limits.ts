/*
 * What others write must not be too much for code that walks it by recursion, such as JSON.stringify,
 * structuredClone and console.log, or fill the memory: an empty array takes 2 bytes of JSON and 40 of memory.
 */

/** How many brackets may be open at once in a tool's input: far more than any has. */
export const MAX_DEPTH = 512;

/** The same in an event or a body, which contains tool inputs. */
export const MAX_DOCUMENT_DEPTH: number = MAX_DEPTH + 8;

/** How many objects, arrays and properties there may be in one text. */
export const MAX_NODES = 100_000;
