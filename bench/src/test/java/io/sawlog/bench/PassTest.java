package io.sawlog.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PassTest {
  @Test
  void shouldBeginAnewAfterAllRecords() {
    Pass pass = new Pass(3);

    for (int i = 0; i < 2; i++) {
      pass.took(2);
      pass.took(1);
      pass.end(Payload.bytes());
    }
  }

  @Test
  void shouldRefuseAContenderThatLosesARecord() {
    Pass pass = new Pass(3);
    pass.took(2);

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> pass.end(Payload.bytes()));

    assertEquals("appended 3 records, read 2", e.getMessage());
  }

  @Test
  void shouldRefuseAContenderThatReadsARecordTwice() {
    Pass pass = new Pass(3);
    pass.took(4);

    assertThrows(IllegalStateException.class, () -> pass.end(Payload.bytes()));
  }

  @Test
  void shouldRefuseAContenderThatGivesOtherBytes() {
    Pass pass = new Pass(1);
    pass.took(1);
    byte[] other = Payload.bytes();
    other[Payload.LENGTH - 1]++;

    IllegalStateException e = assertThrows(IllegalStateException.class, () -> pass.end(other));

    assertTrue(e.getMessage().contains("other bytes"), e.getMessage());
  }
}
