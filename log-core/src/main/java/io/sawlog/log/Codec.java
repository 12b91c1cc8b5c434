package io.sawlog.log;

import org.agrona.DirectBuffer;

/**
 * Turns values of a type into bytes and back.
 *
 * @param <V> the type
 */
public interface Codec<V> {
  /**
   * Encodes a value. Called before anything is claimed in the log, so it may throw.
   *
   * @param value the value
   * @return its bytes
   */
  byte[] encode(V value);

  /**
   * Decodes a value.
   *
   * @param buffer holds the bytes, during this call only
   * @param offset where they start
   * @param length how many there are
   * @return the value
   */
  V decode(DirectBuffer buffer, int offset, int length);
}
