package io.sawlog.tools;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * JSON objects, one a line, for {@code --json}. Loaded only then, and with it Jackson. Names are
 * written in the order of the calls, which is part of what the commands promise.
 */
final class JsonLines {
  private final Output output;
  private final JsonGenerator generator;

  private JsonLines(Output output, JsonGenerator generator) {
    this.output = output;
    this.generator = generator;
  }

  static JsonLines on(Output output) {
    try {
      JsonGenerator generator = new JsonFactory().createGenerator(output, JsonEncoding.UTF8);
      generator.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      generator.setPrettyPrinter(new MinimalPrettyPrinter(""));
      return new JsonLines(output, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonLines begin() {
    return write(JsonGenerator::writeStartObject);
  }

  /** Ends the object and the line, which goes out with the next {@link Output#flush}. */
  void end() {
    write(JsonGenerator::writeEndObject);
    write(JsonGenerator::flush);
    output.newline();
  }

  JsonLines beginObject(String name) {
    return write(g -> g.writeObjectFieldStart(name));
  }

  JsonLines beginElement() {
    return begin();
  }

  /** Ends an object inside another one. */
  JsonLines endInner() {
    return write(JsonGenerator::writeEndObject);
  }

  JsonLines beginArray(String name) {
    return write(g -> g.writeArrayFieldStart(name));
  }

  JsonLines endArray() {
    return write(JsonGenerator::writeEndArray);
  }

  JsonLines element(String text) {
    return write(g -> g.writeString(text));
  }

  JsonLines text(String name, String text) {
    return write(g -> g.writeStringField(name, text));
  }

  JsonLines number(String name, long number) {
    return write(g -> g.writeNumberField(name, number));
  }

  JsonLines bool(String name, boolean value) {
    return write(g -> g.writeBooleanField(name, value));
  }

  JsonLines nothing(String name) {
    return write(g -> g.writeNullField(name));
  }

  /** Writes a moment as ISO-8601 in UTC, which {@code --from} and {@code --to} take. */
  JsonLines time(String name, long epochMs) {
    return text(name, Timestamp.of(epochMs));
  }

  /** Writes bytes as text if they are UTF-8, in base64 as {@code NAME_base64} if not. */
  JsonLines bytes(String name, byte @Nullable [] bytes) {
    if (bytes == null) {
      return nothing(name);
    }
    String text = Utf8.decode(bytes);
    return text != null
        ? text(name, text)
        : text(name + "_base64", Base64.getEncoder().encodeToString(bytes));
  }

  private JsonLines write(Step step) {
    try {
      step.on(generator);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Step {
    void on(JsonGenerator generator) throws IOException;
  }
}
