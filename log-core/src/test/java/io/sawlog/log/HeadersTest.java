package io.sawlog.log;

import static io.sawlog.log.Logs.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadersTest {

  @Test
  void shouldTravelInTheirOrderWithRepeatedAndEmptyNames(@TempDir Path directory) {
    List<Header> headers =
        List.of(
            Header.of("trace", "1"),
            Header.of("", "empty name"),
            Header.of("trace", "2"),
            new Header("empty value", new byte[0]),
            Header.of("größe", "世界"));
    try (DrivenStore store = DrivenStore.open(directory)) {
      Partition partition = store.log.topic("t").partition(0);
      partition.append(new Batch().add(utf8("k"), utf8("v"), headers));

      Message message = partition.read(Position.earliest()).iterator().next();

      assertEquals(headers, message.headers());
      assertEquals("1", message.header("trace").orElseThrow().valueAsString());
      assertEquals("世界", message.header("größe").orElseThrow().valueAsString());
      assertThrows(UnsupportedOperationException.class, () -> message.headers().clear());
    }
  }

  @Test
  void shouldBelongToTheirRecordOnly(@TempDir Path directory) {
    try (DrivenStore store = DrivenStore.open(directory)) {
      Partition partition = store.log.topic("t").partition(0);
      Batch batch = new Batch();
      for (int i = 0; i < 5; i++) {
        List<Header> headers = new ArrayList<>();
        for (int j = 0; j < i; j++) {
          headers.add(Header.of("h" + j, "v" + i));
        }
        batch.add(utf8("k" + i), utf8("v" + i), headers);
      }
      partition.append(batch);

      List<Integer> counts = new ArrayList<>();
      try (Tailer tailer = partition.tailer(Position.earliest())) {
        tailer.poll(
            view -> {
              counts.add(view.headerCount());
              assertEquals(view.headerCount(), view.copy().headers().size());
            },
            100);
      }

      assertEquals(List.of(0, 1, 2, 3, 4), counts);
    }
  }

  @Test
  void shouldBeEqualByContent() {
    assertEquals(Header.of("a", "1"), new Header("a", utf8("1")));
    assertEquals(Header.of("a", "1").hashCode(), new Header("a", utf8("1")).hashCode());
    assertNotEquals(Header.of("a", "1"), Header.of("a", "2"));
    assertNotEquals(Header.of("a", "1"), Header.of("b", "1"));
    assertEquals("a=1", Header.of("a", "1").toString());
  }

  @Test
  void shouldNeedANameAndAValue() {
    assertThrows(NullPointerException.class, () -> new Header(null, new byte[0]));
    assertThrows(NullPointerException.class, () -> new Header("name", null));
  }
}
