package io.sawlog.bench;

import java.util.ArrayList;
import java.util.List;

/** What one contender needed in each round. */
final class Outcome {
  private final String contender;
  private final List<Double> times = new ArrayList<>();
  private final List<Double> allocatedBytes = new ArrayList<>();

  Outcome(String contender) {
    this.contender = contender;
  }

  void add(double time, double bytes) {
    times.add(time);
    allocatedBytes.add(bytes);
  }

  String contender() {
    return contender;
  }

  /** For each record. */
  Samples times() {
    return new Samples(times);
  }

  /** For each record. */
  Samples allocatedBytes() {
    return new Samples(allocatedBytes);
  }
}
