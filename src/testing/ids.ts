/*
 * Ids look like the API's and count: the same requests to a new emulator get the same ids.
 */

/** @param request counts from 1, refused requests included. */
export const requestId = (request: number): string => `req_01${digits(request, 22)}`;

/** @param reply counts from 1. */
export const messageId = (reply: number): string => `msg_01${digits(reply, 22)}`;

/** @param index the block's place in its message. */
export const toolUseId = (reply: number, index: number): string =>
  `toolu_01${digits(reply, 19)}${digits(index, 3)}`;

const digits = (value: number, length: number): string => String(value).padStart(length, '0');
