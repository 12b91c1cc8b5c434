package io.sawlog.groups;

import org.junit.jupiter.api.Test;

class PartitionSchedulesTest {
  @Test
  void shouldSkipNothingAndGoBackOnlyWhenAsked() {
    ModelSchedules.mustBeGreen("PARTITION", 450_000);
  }

  @Test
  void shouldDeliverOnceWhenNothingFails() {
    ModelSchedules.mustBeGreen("PARTITION_WITHOUT_FAILURES", 100_000);
  }
}
