package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.Partition;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Files of a group that are none, so that tens of thousands of lives fit into a test. */
final class MemoryGroup implements GroupFiles {
  private Partition deadLetters;
  private final List<byte[]> steps = new ArrayList<>();
  private long start;
  private long durable;
  private LogException failure;
  private Error error;
  private boolean halted;

  MemoryGroup(Partition deadLetters) {
    this.deadLetters = deadLetters;
  }

  @Override
  public long append(DirectBuffer buffer, int length, boolean synced) {
    if (failure != null) {
      throw failure;
    }
    if (error != null) {
      throw error;
    }
    if (halted) {
      return end();
    }
    byte[] step = new byte[length];
    buffer.getBytes(0, step);
    steps.add(step);
    if (synced) {
      durable = end();
    }
    return end() - 1;
  }

  @Override
  public void replay(Steps handler) {
    for (int i = 0; i < steps.size(); i++) {
      byte[] step = steps.get(i);
      handler.step(new UnsafeBuffer(step), 0, step.length, start + i);
    }
  }

  @Override
  public void releaseBefore(long offset) {
    if (halted) {
      return;
    }
    durable = end();
    steps.subList(0, (int) (offset - start)).clear();
    start = offset;
  }

  @Override
  public Partition deadLetters() {
    return deadLetters;
  }

  /** The dead letters are in another store from now on. */
  void deadLetters(Partition now) {
    deadLetters = now;
  }

  /** Everything fails from now on. */
  void fail(LogException with) {
    failure = with;
  }

  /** Nothing fails any more. */
  void recover() {
    failure = null;
    error = null;
  }

  /** Everything fails from now on as it does where a page of memory cannot be had. */
  void fail(Error with) {
    error = with;
  }

  /** The process is dead: nothing that it writes happens. */
  void halt() {
    halted = true;
  }

  /** Another process begins. */
  void revive() {
    halted = false;
  }

  int size() {
    return steps.size();
  }

  private long end() {
    return start + steps.size();
  }

  /** Takes back what was not durable. */
  void cutPower() {
    while (end() > durable) {
      steps.remove(steps.size() - 1);
    }
  }

  /** Takes back the last steps, as far as they are not durable. */
  void cutPower(int most) {
    for (int i = 0; i < most && end() > durable; i++) {
      steps.remove(steps.size() - 1);
    }
  }

  @Override
  public void close() {
    // the memory stays, as files do
  }
}
