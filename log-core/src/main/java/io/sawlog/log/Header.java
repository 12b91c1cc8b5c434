package io.sawlog.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** A name and a value that travel with a record. Names need not be unique. */
public final class Header {
  private final String name;
  private final byte[] value;

  /**
   * Makes a header.
   *
   * @param name the name
   * @param value the bytes, not copied
   */
  public Header(String name, byte[] value) {
    this.name = Objects.requireNonNull(name, "name");
    this.value = Objects.requireNonNull(value, "value");
  }

  /**
   * Makes a header of two texts.
   *
   * @param name the name
   * @param value the value, stored as UTF-8
   * @return the header
   */
  public static Header of(String name, String value) {
    return new Header(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * The value.
   *
   * @return the header's own array
   */
  public byte[] value() {
    return value;
  }

  /**
   * Decodes the value.
   *
   * @return the value as UTF-8
   */
  public String valueAsString() {
    return new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Header that
        && name.equals(that.name)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return name + "=" + valueAsString();
  }
}
