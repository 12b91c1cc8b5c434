package io.sawlog.groups;

import org.junit.jupiter.api.Test;

class SharedSchedulesTest {
  @Test
  void shouldLoseNothingAndLeaseEachRecordToOne() {
    ModelSchedules.mustBeGreen("SHARED", 450_000);
  }
}
