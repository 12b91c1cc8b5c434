package io.sawlog.groups;

import java.util.function.LongSupplier;

/**
 * The time, as a group sees it.
 *
 * @param nanos a clock that never goes back, for deadlines
 * @param millis the time of day, epoch ms, for ages and for people
 */
record GroupClock(LongSupplier nanos, LongSupplier millis) {
  static GroupClock system() {
    return new GroupClock(System::nanoTime, System::currentTimeMillis);
  }

  long nanoTime() {
    return nanos.getAsLong();
  }

  long epochMs() {
    return millis.getAsLong();
  }
}
