package io.sawlog.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the rounds have given.
 *
 * @param values one of each round, in their order
 */
record Samples(List<Double> values) {
  double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double least() {
    return sorted()[0];
  }

  double most() {
    return sorted()[values.size() - 1];
  }

  private double[] sorted() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  Samples and(Samples later) {
    return new Samples(Stream.concat(values.stream(), later.values.stream()).toList());
  }

  /** Round by round, because what disturbs one contender disturbs its neighbour too. */
  Samples dividedBy(Samples other) {
    double[] ratios = new double[values.size()];
    Arrays.setAll(ratios, i -> values.get(i) / other.values.get(i));
    return new Samples(Arrays.stream(ratios).boxed().toList());
  }
}
