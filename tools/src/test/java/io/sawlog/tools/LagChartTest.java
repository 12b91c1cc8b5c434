package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LagChartTest {
  private final LagChart chart = new LagChart();

  private List<String> print() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Output output = new Output(bytes);
    chart.print(output, 1.5);
    output.flush();
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void shouldDrawTheHighestLagHighestAndNoneAsNone() {
    for (long lag : new long[] {80, 41, 40, 1, 0}) {
      chart.add("email", lag);
      chart.add("payment", 0);
    }

    List<String> lines = print();

    assertTrue(lines.get(0).strip().matches("email +█▅▄▁·"), lines.get(0));
    assertTrue(lines.get(1).strip().matches("payment +·····"), lines.get(1));
    assertTrue(lines.get(2).contains("80 orders"), lines.get(2));
  }

  @Test
  void shouldMarkTheLookAfterWhichSomethingHappened() {
    chart.add("email", 2);
    chart.add("email", 1);
    chart.mark("killed");
    chart.add("email", 0);

    List<String> lines = print();

    assertEquals(lines.get(0).indexOf('▄'), lines.get(1).indexOf("^ killed"));
  }

  @Test
  void shouldFitAnyNumberOfLooksInALine() {
    for (int lag = 1000; lag > 0; lag--) {
      chart.add("email", lag);
    }
    chart.mark("killed");

    for (String line : print()) {
      assertTrue(line.length() <= 100, line);
    }
  }
}
