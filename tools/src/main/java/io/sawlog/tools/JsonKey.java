package io.sawlog.tools;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The line is a JSON object, and one of its own fields is the key: a text as it reads, a number or
 * a truth value as it is written. The line as a whole is the value. Loaded only when asked for, and
 * with it Jackson.
 */
final class JsonKey implements LineFormat {
  private final JsonFactory json = new JsonFactory();
  private final String field;

  JsonKey(String field) {
    this.field = field;
  }

  @Override
  public LineRecord split(byte[] line) {
    try (JsonParser parser = json.createParser(line)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean found = parser.currentName().equals(field);
          JsonToken value = parser.nextToken();
          if (found && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
            return new LineRecord(parser.getText().getBytes(StandardCharsets.UTF_8), line);
          }
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      // Not JSON, so it has no such field.
    }
    return new LineRecord(null, line);
  }

  @Override
  public boolean expectsKeys() {
    return true;
  }
}
