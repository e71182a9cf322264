/** How connections are made on Node. */
export const CONNECT_OPTIONS = {
  // Node gives up on an address after 250 ms, the only one of its family too: less than a handshake takes on
  // a bad link, whose lost packets are sent again after 1 s and 3 s.
  autoSelectFamilyAttemptTimeout: 4_000,
};
