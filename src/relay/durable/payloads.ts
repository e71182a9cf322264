/** How a stream was created by PUT. Its log has an entry for each write, and the claim says this. */
export interface Created {
  /** Never changes. */
  contentType: string;
  /** Seconds since the last read or write. */
  ttl?: number;
  /** ISO 8601. */
  expiresAt?: string;
}

/** Where a producer is that numbers its writes. */
export interface ProducerPosition {
  id: string;
  epoch: number;
  seq: number;
}

/** One write. Its log entry claims an epoch, so that of two writers at the same place one is refused. */
export interface Write {
  /** JSON messages; else text, or bytes as base64 where they are no UTF-8. */
  json?: unknown[];
  text?: string;
  base64?: string;
  /** `Stream-Seq`. */
  seq?: string | undefined;
  producer?: ProducerPosition | undefined;
  /** Random: no other write is the same. */
  by: string;
}
