package io.sawlog.log;

import java.util.function.Supplier;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesMarshallable;
import org.agrona.DirectBuffer;

/**
 * Values that write themselves with chronicle-bytes: on the heap, so that nothing has to be freed.
 */
final class MarshallableCodec<V extends BytesMarshallable> implements Codec<V> {
  private final Supplier<V> factory;

  MarshallableCodec(Supplier<V> factory) {
    this.factory = factory;
  }

  @Override
  public byte[] encode(V value) {
    Bytes<byte[]> bytes = Bytes.allocateElasticOnHeap();
    value.writeMarshallable(bytes);
    return bytes.toByteArray();
  }

  @Override
  public V decode(DirectBuffer buffer, int offset, int length) {
    V value = factory.get();
    value.readMarshallable(Bytes.wrapForRead(Codecs.bytesOf(buffer, offset, length)));
    return value;
  }
}
