package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sawlog.log.Amount;
import io.sawlog.log.Fuzzing;
import io.sawlog.log.Totals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that people type or feed makes a command fail otherwise than in one clear line. */
class InputFuzzTest {
  private static final int BY_CHANCE = 2000;

  @TempDir Path directory;

  static List<Class<?>> targets() {
    return List.of(
        InputFuzzers.Lines.class,
        InputFuzzers.Json.class,
        InputFuzzers.Values.class,
        InputFuzzers.Offsets.class,
        InputFuzzers.Arguments.class);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void shouldSurviveAnyBytes(Class<?> target) throws Exception {
    Fuzzing.byChance(target, BY_CHANCE);
    Totals.count("inputs of the command line by chance", BY_CHANCE);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void shouldSurviveWhatAFuzzerFinds(Class<?> target) throws Exception {
    Amount.assumeCrash();

    Totals.count("inputs of the fuzzer of the command line", Fuzzing.byFuzzer(target, directory));
  }

  @Test
  void shouldPrintWhatItWasFed() throws IOException {
    List<byte[]> lines = new ArrayList<>();
    Fuzzing.byChance(Fuzzing.corpus(InputFuzzers.Lines.class), BY_CHANCE, lines::add);
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    for (byte[] line : lines) {
      for (int i = 0; i < line.length; i++) {
        line[i] = line[i] == '\n' ? (byte) ' ' : line[i];
      }
      input.write(line);
      input.write('\n');
    }

    Cli cli = Cli.in(directory);
    cli.feed(input.toByteArray(), "produce", "t", "--batch", "100").quiet();
    List<String> printed = cli.run("consume", "t", "--format", "json").quiet().lines();

    assertEquals(lines.size(), printed.size());
    for (int i = 0; i < lines.size(); i++) {
      JsonNode record = new ObjectMapper().readTree(printed.get(i));
      JsonNode text = record.get("value");
      byte[] value =
          text != null
              ? text.textValue().getBytes(StandardCharsets.UTF_8)
              : Base64.getDecoder().decode(record.get("value_base64").textValue());
      assertArrayEquals(lines.get(i), value);
    }
  }
}
