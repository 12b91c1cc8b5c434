package io.sawlog.log.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;

class VarintProperties {
  private static final int AT = 3;

  @Property
  void shouldReadBackEveryNumber(@ForAll long value) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[AT + Varint.MAX_LENGTH]);

    int end = Varint.put(buffer, AT, value);

    assertTrue(end - AT <= Varint.MAX_LENGTH);
    assertEquals(end - AT, Varint.length(buffer, AT, end));
    assertEquals(value, Varint.get(buffer, AT));
  }

  @Property
  void shouldTakeOneByteForEachSevenBits(@ForAll @IntRange(min = 0, max = 63) int highest) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[Varint.MAX_LENGTH]);

    int end = Varint.put(buffer, 0, 1L << highest);

    assertEquals(highest / 7 + 1, end);
  }

  @Property
  void shouldSayThatACutNumberIsNotComplete(@ForAll long value, @ForAll int random) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[Varint.MAX_LENGTH]);
    int end = Varint.put(buffer, 0, value);

    int limit = Math.floorMod(random, end);

    assertEquals(0, Varint.length(buffer, 0, limit));
  }

  @Property
  void shouldNeverLookBehindTheLimit(@ForAll byte[] bytes) {
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    for (int at = 0; at <= bytes.length; at++) {
      int length = Varint.length(buffer, at, bytes.length);

      assertTrue(length >= 0 && length <= Varint.MAX_LENGTH && at + length <= bytes.length);
    }
  }

  @Property
  void shouldKeepSmallNumbersSmallWhateverTheirSign(@ForAll long value) {
    long coded = Varint.zigzag(value);

    assertEquals(value, Varint.unzigzag(coded));
    assertEquals(value < 0 ? ~value : value, coded >>> 1);
  }
}
