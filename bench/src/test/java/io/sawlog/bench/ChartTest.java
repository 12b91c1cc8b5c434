package io.sawlog.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartTest {
  @TempDir Path directory;

  @Test
  void shouldShowContendersThatWereNotAskedEveryQuestion() throws Exception {
    Chart chart = new Chart();
    chart.add(
        Question.APPEND,
        List.of(outcome("sawlog", 10), outcome("chronicle", 20), outcome("kafka", 300)));
    chart.add(Question.SYNCED, List.of(outcome("sawlog", 10), outcome("limit", 5)));

    chart.write(directory.resolve("chart.svg"));

    String svg = Files.readString(directory.resolve("chart.svg"));
    for (String text : List.of("chronicle", "kafka", "limit", Question.SYNCED.title())) {
      assertTrue(svg.contains(text), text);
    }
  }

  private static Outcome outcome(String contender, double time) {
    Outcome outcome = new Outcome(contender);
    outcome.add(time, 0);
    return outcome;
  }
}
