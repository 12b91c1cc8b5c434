package io.sawlog.groups;

/** What a shared group knows of a worker; used under its lock. */
final class WorkerSeat {
  private final String id;
  private final long leaseNs;
  private int inFlight;
  private boolean closed;

  WorkerSeat(String id, long leaseNs) {
    this.id = id;
    this.leaseNs = leaseNs;
  }

  String id() {
    return id;
  }

  /** How long a lease lasts. */
  long leaseNs() {
    return leaseNs;
  }

  /** How many records it has. */
  int inFlight() {
    return inFlight;
  }

  void took() {
    inFlight++;
  }

  void gave() {
    inFlight--;
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }
}
