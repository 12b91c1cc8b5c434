package io.sawlog.tools;

import org.jspecify.annotations.Nullable;

/** The record that a line of input makes. */
final class LineRecord {
  private final byte @Nullable [] key;
  private final byte[] value;

  LineRecord(byte @Nullable [] key, byte[] value) {
    this.key = key;
    this.value = value;
  }

  byte @Nullable [] key() {
    return key;
  }

  byte[] value() {
    return value;
  }
}
