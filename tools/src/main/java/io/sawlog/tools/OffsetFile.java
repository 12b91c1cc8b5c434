package io.sawlog.tools;

import io.sawlog.groups.ResetPlan;
import io.sawlog.groups.TopicPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Offsets by partition in a file, a line each: {@code orders,0,17}. */
final class OffsetFile {
  private static final Pattern LINE = Pattern.compile("([^,]+),(\\d{1,9}),(\\d{1,18})");

  private OffsetFile() {}

  static Map<TopicPartition, Long> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new CommandException(
          file + " is not UTF-8 text: --from-file takes lines of TOPIC,PARTITION,OFFSET", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<TopicPartition, Long> offsets = new TreeMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i).strip());
      if (!line.matches()) {
        throw new CommandException(
            file + ", line " + (i + 1) + ": write TOPIC,PARTITION,OFFSET, not " + lines.get(i));
      }
      TopicPartition name = new TopicPartition(line.group(1), Integer.parseInt(line.group(2)));
      if (offsets.put(name, Long.parseLong(line.group(3))) != null) {
        throw new CommandException(file + ", line " + (i + 1) + ": " + name + " is there twice");
      }
    }
    return offsets;
  }

  static void print(ResetPlan plan, Output output) {
    for (ResetPlan.Move move : plan.moves()) {
      output.line(move.partition().topic() + "," + move.partition().partition() + "," + move.to());
    }
  }
}
