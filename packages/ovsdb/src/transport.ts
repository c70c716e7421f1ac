/**
 * What carries messages: a unix socket, TCP, TLS, or a pair in memory. The protocol above knows only this interface.
 * One consumer calls `start` once; bytes that arrive earlier wait.
 */

export interface Transport {
  /** For logs and errors: `unix`, `tcp:10.0.0.7:40312`, `ssl:controller.example.com:443`. */
  readonly name: string;
  /** Whom the TLS handshake proved the peer to be; undefined without TLS. */
  readonly peerCertificate: PeerCertificate | undefined;
  /** Bytes (about) that were written and that the system has not taken yet; the writer keeps this bounded. */
  readonly waiting: number;
  start(handlers: TransportHandlers): void;
  /**
   * Hands over one string as UTF-8, to leave in one write(2) as far as the socket has room. `bytes`: its length as such,
   * where the caller knows it. Ignored after `close`.
   */
  write(text: string, bytes?: number): void;
  /** No more `data` until `resume` (a chunk already on its way may still come). */
  pause(): void;
  resume(): void;
  /**
   * Whether everything that the peer sends is wanted, also a request for `echo` that the carrier would answer itself; of that, an empty chunk
   * tells otherwise. Left out: everything always comes.
   */
  carryAll?(all: boolean): void;
  /** Lets what was written leave, then ends. True where nothing had to be waited for: it is at its end already. */
  close(): boolean;
  /** Ends at once; what waits is lost. */
  destroy(): void;
}

export interface TransportHandlers {
  data(chunk: Uint8Array): void;
  /** The peer sends nothing more, but may still read. */
  ended(): void;
  /** `waiting` fell to zero after it had grown. */
  drained(): void;
  /** Called once, last; with the error that ended the connection, if one did. */
  closed(error: Error | undefined): void;
}

export interface PeerCertificate {
  readonly commonName: string;
  readonly issuer: string;
  /** SHA-256 of the certificate, as `AA:BB:…`. */
  readonly fingerprint: string;
  /** From when until when it is valid, wall clock, ms; left out: not known. */
  readonly validFrom?: number;
  readonly validUntil?: number;
}
