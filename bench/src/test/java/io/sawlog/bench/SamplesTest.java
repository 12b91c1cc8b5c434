package io.sawlog.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void shouldTakeTheRatioWithinEachRound() {
    Samples own = new Samples(List.of(1.0, 20.0, 3.0));
    Samples other = new Samples(List.of(2.0, 10.0, 3.0));

    Samples ratio = own.dividedBy(other);

    assertEquals(List.of(0.5, 2.0, 1.0), ratio.values());
    assertEquals(1.0, ratio.median());
    assertEquals(0.5, ratio.least());
    assertEquals(2.0, ratio.most());
  }

  @Test
  void shouldTakeTheMeanOfTheMiddleTwoOfAnEvenNumber() {
    assertEquals(2.5, new Samples(List.of(4.0, 1.0, 3.0, 2.0)).median());
  }
}
