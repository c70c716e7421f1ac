/** Bounds of the doctor. Times in milliseconds, sizes in bytes. */
export const doctorLimits = {
  /** A step that has no answer by then, where `--timeout` does not say otherwise. */
  stepMs: 5_000,
  /** The longest `--timeout`. */
  longestStepMs: 600_000,
  /** Addresses of one family that are tried; further ones are named and left. */
  addressesPerFamily: 8,
  /** Steps of one report. */
  steps: 200,
  /** Nodes of a home that are asked whether they have a client. */
  nodes: 32,
  /** Characters of one sentence of a report; what a stranger says may be longer. */
  sentence: 600,
  /** What is taken from one peer in all, and the longest message of it: a redirector says less than a kilobyte. */
  peerBytes: 4 * 1024 * 1024,
  messageBytes: 1024 * 1024,
  /** Of a peer's first bytes, to show what it speaks. */
  headBytes: 64,
  /** Methods and tables of a peer that are told by name. */
  names: 12,
  /** Certificates that are looked at of one chain, and of a CA file. */
  chain: 10,
  authorities: 200,
  /** Of an answer to a ClientHello. */
  helloBytes: 64 * 1024,
  /** A peer that keeps a connection so long after the handshake has nothing against our certificate. */
  certificateGraceMs: 1_000,
  /** How long a controller is watched after it has begun its work: does it keep the connection? */
  holdMs: 2_000,
  /** A certificate that ends so soon is worth a word, in days. */
  expirySoonDays: 30,
} as const;
