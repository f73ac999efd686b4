package dstack.kms.rpc.http;

import java.time.Duration;

/**
 * What one listener grants its clients (specification 00 §9).
 *
 * @param connections open connections; one more is closed at once
 * @param idle how long a connection may wait for the next request
 * @param head how long a request head may take from its first byte
 * @param body how long a body may take
 * @param handshake how long a TLS handshake may take
 * @param concurrency requests handled at the same time
 * @param queue requests that may wait for a free place
 * @param queueWait how long one of them may wait
 * @param deadline how long a request may be handled, waiting included
 * @param write how long a client may take to receive an answer
 * @param drain how long a stop waits for running requests
 * @param bodies memory for all bodies together in bytes, the first 32 KiB of each not counted;
 *     whoever comes on top is turned away
 * @param certificates memory for what the clients of all open connections sent in their handshakes,
 *     which is mostly certificates, in bytes, the first 16 KiB of each not counted. It is kept up
 *     to three times: by us, by the TLS session, and by the TLS library outside the heap
 */
public record HttpLimits(
    int connections,
    Duration idle,
    Duration head,
    Duration body,
    Duration handshake,
    int concurrency,
    int queue,
    Duration queueWait,
    Duration deadline,
    Duration write,
    Duration drain,
    long bodies,
    long certificates) {
  /** The limits of the main listener. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          4096,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          256,
          1024,
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          memoryFor(Runtime.getRuntime().maxMemory()),
          memoryFor(Runtime.getRuntime().maxMemory()));

  /** Longest request line in bytes. */
  public static final int REQUEST_LINE = 8 << 10;

  /** All headers of a request together in bytes. */
  public static final int HEADERS = 32 << 10;

  /** The limits of a listener for one operator: few connections, little concurrency. */
  public static final HttpLimits SMALL =
      DEFAULT.withConnections(64).withConcurrency(8, 32, Duration.ofSeconds(2));

  /** The same limits with another number of connections. */
  public HttpLimits withConnections(int number) {
    return new HttpLimits(
        number,
        idle,
        head,
        body,
        handshake,
        concurrency,
        queue,
        queueWait,
        deadline,
        write,
        drain,
        bodies,
        certificates);
  }

  /** The same limits with another bound on what is handled and what waits. */
  public HttpLimits withConcurrency(int running, int waiting, Duration wait) {
    return new HttpLimits(
        connections,
        idle,
        head,
        body,
        handshake,
        running,
        waiting,
        wait,
        deadline,
        write,
        drain,
        bodies,
        certificates);
  }

  /** The same limits with one duration for idle connections, heads and bodies. */
  public HttpLimits withReading(Duration each) {
    return new HttpLimits(
        connections,
        each,
        each,
        each,
        each,
        concurrency,
        queue,
        queueWait,
        deadline,
        write,
        drain,
        bodies,
        certificates);
  }

  /** The same limits with another deadline for requests. */
  public HttpLimits withDeadline(Duration each) {
    return new HttpLimits(
        connections,
        idle,
        head,
        body,
        handshake,
        concurrency,
        queue,
        queueWait,
        each,
        write,
        drain,
        bodies,
        certificates);
  }

  /** The same limits with another time to drain. */
  public HttpLimits withDrain(Duration longest) {
    return new HttpLimits(
        connections,
        idle,
        head,
        body,
        handshake,
        concurrency,
        queue,
        queueWait,
        deadline,
        write,
        longest,
        bodies,
        certificates);
  }

  /** The same limits with other memory for bodies. */
  public HttpLimits withBodies(long bytes) {
    return new HttpLimits(
        connections,
        idle,
        head,
        body,
        handshake,
        concurrency,
        queue,
        queueWait,
        deadline,
        write,
        drain,
        bytes,
        certificates);
  }

  /** The same limits with other memory for certificates. */
  public HttpLimits withCertificates(long bytes) {
    return new HttpLimits(
        connections,
        idle,
        head,
        body,
        handshake,
        concurrency,
        queue,
        queueWait,
        deadline,
        write,
        drain,
        bodies,
        bytes);
  }

  /**
   * A sixteenth of the heap, as each of both is there several times, but never less than the
   * largest body and never more than 256 MiB.
   */
  static long memoryFor(long heap) {
    return Math.clamp(heap / 16, 12L << 20, 256L << 20);
  }
}
