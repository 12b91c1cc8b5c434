package io.sawlog.tools;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sawlog.groups.TopicPartition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** All that the command line reads from people, fed with anything: for a fuzzer, or for chance. */
final class InputFuzzers {
  private static final ObjectMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private InputFuzzers() {}

  private static void must(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** A line of input for {@code produce}, behind one that is the separator or the field. */
  static final class Lines {
    private Lines() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
      int end = endOfLine(data);
      String option = new String(data, 0, end, StandardCharsets.UTF_8);
      byte[] line = Arrays.copyOfRange(data, Math.min(end + 1, data.length), data.length);
      whole(new LineFormat.WholeLine().split(line), line);
      if (!option.isEmpty()) {
        separated(new LineFormat.Separated(option).split(line), option, line);
      }
      json(new JsonKey(option).split(line), option, line);
      Utf8.printable(line)
          .chars()
          .forEach(c -> must(!Character.isISOControl(c), "a control character is printed"));
    }

    private static void whole(LineRecord record, byte[] line) {
      must(record.key() == null && Arrays.equals(line, record.value()), "the line is the value");
    }

    /** Key, separator and value are the line; without a key the separator is not in it. */
    private static void separated(LineRecord record, String separator, byte[] line)
        throws IOException {
      byte[] between = separator.getBytes(StandardCharsets.UTF_8);
      if (record.key() == null) {
        must(indexOf(line, between) < 0, "the separator was not seen");
        whole(record, line);
        return;
      }
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      joined.write(record.key());
      joined.write(between);
      joined.write(record.value());
      must(Arrays.equals(line, joined.toByteArray()), "a byte was lost");
      must(indexOf(line, between) == record.key().length, "not the first separator");
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
      // One character for each byte.
      return new String(bytes, StandardCharsets.ISO_8859_1)
          .indexOf(new String(wanted, StandardCharsets.ISO_8859_1));
    }

    /** Where another parser takes the line for an object, the key is what that one finds. */
    private static void json(LineRecord record, String field, byte[] line) {
      must(Arrays.equals(line, record.value()), "the line is the value");
      JsonNode object;
      try {
        object = STRICT.readTree(line);
      } catch (IOException e) {
        // Not JSON, or not even text.
        return;
      }
      JsonNode value = object.isObject() ? object.get(field) : null;
      boolean isKey = value != null && value.isTextual();
      if (isKey && record.key() != null && isNamedOnce(line, field)) {
        must(
            value.textValue().equals(new String(record.key(), StandardCharsets.UTF_8))
                || !StandardCharsets.UTF_8.newEncoder().canEncode(value.textValue()),
            "another key than " + value);
      }
      must(!isKey || record.key() != null, "the key was not seen");
    }

    private static boolean isNamedOnce(byte[] line, String field) {
      try {
        STRICT.reader().with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).readTree(line);
        return true;
      } catch (IOException e) {
        return field.isEmpty();
      }
    }
  }

  /** What {@code consume --format json} prints of any key and value. */
  static final class Json {
    private Json() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
      int end = endOfLine(data);
      byte[] key = end == data.length ? null : Arrays.copyOf(data, end);
      byte[] value = Arrays.copyOfRange(data, Math.min(end + 1, data.length), data.length);
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      Output output = new Output(printed);
      JsonLines.on(output).begin().bytes("key", key).bytes("value", value).end();
      output.flush();
      byte[] line = printed.toByteArray();
      must(endOfLine(line) == line.length - 1, "not one line");
      JsonNode read = STRICT.readTree(line);
      must(Arrays.equals(key, bytes(read, "key")), "another key");
      must(Arrays.equals(value, bytes(read, "value")), "another value");
    }

    private static byte[] bytes(JsonNode object, String name) {
      JsonNode text = object.get(name);
      if (text == null) {
        return Base64.getDecoder().decode(object.get(name + "_base64").textValue());
      }
      return text.isNull() ? null : text.textValue().getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The value of an option: a place in a log, a time, a span of time, a size, a format. */
  static final class Values {
    private static final List<ITypeConverter<?>> CONVERTERS =
        List.of(
            new Bound.Converter(),
            new Bound.EndConverter(),
            new TimeConverter(),
            new Durations(),
            new ByteSize.Converter(),
            new RecordFormat.Converter());

    private Values() {}

    public static void fuzzerTestOneInput(byte[] data) throws Exception {
      String text = new String(data, StandardCharsets.UTF_8);
      for (ITypeConverter<?> converter : CONVERTERS) {
        try {
          check(converter.convert(text));
        } catch (TypeConversionException e) {
          must(e.getMessage().contains("'" + text + "'"), "not named: " + e.getMessage());
        }
      }
    }

    private static void check(Object value) {
      if (value instanceof Bound.AtOffset place) {
        must(place.offset() >= 0, "offset " + place.offset());
      } else if (value instanceof Bound.AtTime moment) {
        must(moment.time().toEpochMilli() != Long.MIN_VALUE, "no time");
      } else if (value instanceof ByteSize size) {
        must(size.bytes() >= 0, "bytes " + size.bytes());
        must(!ByteSize.inWords(size.bytes()).isEmpty(), "no words");
      } else if (value instanceof Duration span) {
        must(!span.isNegative(), "negative " + span);
      }
    }
  }

  /** The file of {@code group reset --from-file}. */
  static final class Offsets {
    private static final Path FILE = newFile();

    private Offsets() {}

    private static Path newFile() {
      try {
        Path file = Files.createTempFile("offsets", "");
        file.toFile().deleteOnExit();
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
      Files.write(FILE, data);
      Map<TopicPartition, Long> offsets;
      try {
        offsets = OffsetFile.read(FILE);
      } catch (CommandException e) {
        must(e.getMessage().startsWith(FILE.toString()), "the file is not named");
        return;
      }
      long lines = new String(data, StandardCharsets.UTF_8).lines().count();
      must(offsets.size() == lines, lines + " lines gave " + offsets);
      offsets.forEach(
          (partition, offset) ->
              must(partition.partition() >= 0 && offset >= 0, partition + " " + offset));
    }
  }

  /** A whole command line, a word a line. It is read, and what it asks for is not done. */
  static final class Arguments {
    private static final GeneralOptions GENERAL =
        new GeneralOptions(
            new Invocation(
                Invocation.ofThisProcess().stdin(), OutputStream.nullOutputStream(), Map.of()));
    private static final CommandLine COMMAND =
        Main.commandLine(GENERAL).setExecutionStrategy(parsed -> 0);

    private Arguments() {}

    public static void fuzzerTestOneInput(byte[] data) {
      // No operating system passes a zero.
      String words = new String(data, StandardCharsets.UTF_8).replace('\0', ' ');
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      PrintStream stderr = System.err;
      System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
      int exitCode;
      try {
        exitCode = Main.run(COMMAND, GENERAL, words.split("\n", -1));
      } finally {
        System.setErr(stderr);
      }
      check(exitCode, said.toString(StandardCharsets.UTF_8));
    }

    private static void check(int exitCode, String said) {
      if (exitCode == 0) {
        must(said.isEmpty(), "good, and yet: " + said);
        return;
      }
      must(exitCode == ErrorReport.BAD_USAGE, "exit code " + exitCode + ": " + said);
      int end = said.indexOf('\n') + 1;
      must(said.startsWith("sawlog: "), said);
      must(said.substring(0, end).endsWith(" --help' shows the usage)\n"), said);
      must(end == said.length() || GENERAL.stackTrace(), "not one line: " + said);
    }
  }

  private static int endOfLine(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && bytes[at] != '\n') {
      at++;
    }
    return at;
  }
}
