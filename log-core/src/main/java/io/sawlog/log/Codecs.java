package io.sawlog.log;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import net.openhft.chronicle.bytes.BytesMarshallable;
import org.agrona.DirectBuffer;

/** The codecs that come with the library. */
public final class Codecs {
  private static final Codec<String> UTF_8 =
      new Codec<>() {
        @Override
        public byte[] encode(String value) {
          return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(DirectBuffer buffer, int offset, int length) {
          return new String(bytesOf(buffer, offset, length), StandardCharsets.UTF_8);
        }
      };

  private static final Codec<byte[]> BYTES =
      new Codec<>() {
        @Override
        public byte[] encode(byte[] value) {
          return value;
        }

        @Override
        public byte[] decode(DirectBuffer buffer, int offset, int length) {
          return bytesOf(buffer, offset, length);
        }
      };

  private Codecs() {}

  /**
   * Texts as UTF-8.
   *
   * @return the codec
   */
  public static Codec<String> utf8() {
    return UTF_8;
  }

  /**
   * Bytes as they are, copied when read.
   *
   * @return the codec
   */
  public static Codec<byte[]> bytes() {
    return BYTES;
  }

  /**
   * Objects that write themselves with chronicle-bytes, which is loaded only when this is called.
   *
   * @param <V> the type
   * @param factory makes an empty object to read into
   * @return the codec
   */
  public static <V extends BytesMarshallable> Codec<V> marshallable(Supplier<V> factory) {
    return new MarshallableCodec<>(factory);
  }

  static byte[] bytesOf(DirectBuffer buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.getBytes(offset, bytes);
    return bytes;
  }
}
