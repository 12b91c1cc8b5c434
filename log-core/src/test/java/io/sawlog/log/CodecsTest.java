package io.sawlog.log;

import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodecsTest {

  /** An object that writes itself. */
  static final class Trade implements BytesMarshallable {
    String symbol = "";
    long price;
    boolean buy;

    @Override
    public void writeMarshallable(BytesOut<?> bytes) {
      bytes.writeUtf8(symbol);
      bytes.writeLong(price);
      bytes.writeBoolean(buy);
    }

    @Override
    public void readMarshallable(BytesIn<?> bytes) {
      symbol = bytes.readUtf8();
      price = bytes.readLong();
      buy = bytes.readBoolean();
    }
  }

  @Test
  void shouldTurnTextIntoUtf8AndBack() {
    for (String text : List.of("", "plain", "Grüße, 世界 \uD83D\uDE80")) {
      byte[] bytes = Codecs.utf8().encode(text);

      assertArrayEquals(utf8(text), bytes);
      assertEquals(text, Codecs.utf8().decode(new UnsafeBuffer(bytes), 0, bytes.length));
    }
  }

  @Test
  void shouldDecodeAPartOfABuffer() {
    UnsafeBuffer buffer = new UnsafeBuffer(utf8("xxvaluexx"));

    assertEquals("value", Codecs.utf8().decode(buffer, 2, 5));
    assertArrayEquals(utf8("value"), Codecs.bytes().decode(buffer, 2, 5));
  }

  @Test
  void shouldCopyBytesThatItReads() {
    byte[] bytes = {1, 2, 3};

    byte[] read = Codecs.bytes().decode(new UnsafeBuffer(bytes), 0, 3);

    assertArrayEquals(bytes, read);
    assertNotSame(bytes, read);
  }

  @Test
  void shouldCarryObjectsThatWriteThemselves(@TempDir Path directory) {
    Codec<Trade> codec = Codecs.marshallable(Trade::new);
    try (DrivenStore store = DrivenStore.open(directory)) {
      Topic topic = store.log.topic("trades");
      for (int i = 0; i < 10; i++) {
        Trade trade = new Trade();
        trade.symbol = "S" + i;
        trade.price = 100L * i;
        trade.buy = i % 2 == 0;
        topic.append(utf8(trade.symbol), trade, codec);
      }

      List<Trade> copies = new ArrayList<>();
      topic.read(Position.earliest()).forEach(message -> copies.add(message.value(codec)));
      List<Trade> views = new ArrayList<>();
      try (Tailer tailer = topic.partition(0).tailer(Position.earliest())) {
        tailer.poll(view -> views.add(view.value(codec)), 100);
      }

      for (List<Trade> trades : List.of(copies, views)) {
        assertEquals(10, trades.size());
        for (int i = 0; i < 10; i++) {
          assertEquals("S" + i, trades.get(i).symbol);
          assertEquals(100L * i, trades.get(i).price);
          assertEquals(i % 2 == 0, trades.get(i).buy);
        }
      }
    }
  }

  @Test
  void shouldAppendNothingWhenACodecThrows(@TempDir Path directory) {
    Codec<String> failing =
        new Codec<>() {
          @Override
          public byte[] encode(String value) {
            throw new IllegalStateException("cannot encode " + value);
          }

          @Override
          public String decode(DirectBuffer buffer, int offset, int length) {
            throw new IllegalStateException("cannot decode");
          }
        };
    try (DrivenStore store = DrivenStore.open(directory)) {
      Topic topic = store.log.topic("t");

      assertThrows(IllegalStateException.class, () -> topic.append(null, "x", failing));

      assertEquals(0, topic.partition(0).logEndOffset());
    }
  }

  @Test
  void shouldSayThatARecordHasNoValue(@TempDir Path directory) {
    try (DrivenStore store = DrivenStore.open(directory)) {
      Partition partition = store.log.topic("t").partition(0);
      partition.append(utf8("deleted"), null);
      Message message = partition.read(Position.earliest()).iterator().next();

      assertThrows(NullPointerException.class, message::valueAsString);
      assertThrows(NullPointerException.class, () -> message.value(Codecs.utf8()));
      try (Tailer tailer = partition.tailer(Position.earliest())) {
        assertThrows(
            IllegalStateException.class, () -> tailer.poll(view -> view.value(Codecs.utf8()), 1));
      }
    }
  }
}
