package io.sawlog.log.file;

import java.util.concurrent.locks.LockSupport;

/**
 * A moment between two looks at something that nobody announces.
 *
 * <p>A thread that is interrupted cannot be parked, and once the flag is put aside the interrupt
 * still ends the next parking: a loop that only parks would spin.
 */
public final class Pause {
  private Pause() {}

  /**
   * Waits, whatever interrupts the thread; its flag is set afterwards if it was.
   *
   * @param ns how long at least, in nanoseconds
   */
  public static void nanos(long ns) {
    long start = System.nanoTime();
    boolean interrupted = false;
    long leftNs = ns;
    while (leftNs > 0) {
      interrupted |= Thread.interrupted();
      LockSupport.parkNanos(leftNs);
      leftNs = ns - (System.nanoTime() - start);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
