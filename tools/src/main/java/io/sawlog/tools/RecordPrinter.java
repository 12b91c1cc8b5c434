package io.sawlog.tools;

import io.sawlog.log.Header;
import io.sawlog.log.Message;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Prints records in the format, and of the content, that the user asked for. */
final class RecordPrinter {
  private static final HexFormat HEX = HexFormat.of();

  private final RecordFormat format;
  private final Output output;
  private final @Nullable Pattern wanted;
  private final @Nullable JsonLines json;

  RecordPrinter(RecordFormat format, Output output, @Nullable Pattern wanted) {
    this.format = format;
    this.output = output;
    this.wanted = wanted;
    this.json = format == RecordFormat.JSON ? JsonLines.on(output) : null;
  }

  /** Prints a record if it is wanted, and tells whether it was. */
  boolean print(Message message) {
    if (wanted != null && !isWanted(message, wanted)) {
      return false;
    }
    if (json != null) {
      printJson(message, json);
      return true;
    }
    if (format != RecordFormat.VALUE) {
      printBytes(message.key());
      output.write('\t');
    }
    printBytes(message.value());
    output.newline();
    return true;
  }

  /** Shows what was printed to whoever reads it. */
  void flush() {
    output.flush();
  }

  private static boolean isWanted(Message message, Pattern wanted) {
    byte[] value = message.value();
    return value != null && wanted.matcher(new String(value, StandardCharsets.UTF_8)).find();
  }

  private void printBytes(byte @Nullable [] bytes) {
    if (bytes == null) {
      return;
    }
    if (format == RecordFormat.HEX) {
      output.text(HEX.formatHex(bytes));
    } else {
      output.write(bytes);
    }
  }

  private static void printJson(Message message, JsonLines json) {
    json.begin()
        .text("topic", message.topic())
        .number("partition", message.partition())
        .number("offset", message.offset())
        .time("append_time", message.appendTime());
    if (message.eventTime().isPresent()) {
      json.time("event_time", message.eventTime().getAsLong());
    }
    json.bytes("key", message.key()).bytes("value", message.value());
    if (!message.headers().isEmpty()) {
      json.beginArray("headers");
      for (Header header : message.headers()) {
        json.beginElement().text("name", header.name()).bytes("value", header.value()).endInner();
      }
      json.endArray();
    }
    json.end();
  }
}
