package io.sawlog.log;

import java.util.Objects;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/**
 * How a tailer reads. Immutable; each setter gives a changed copy.
 *
 * @param visibility which records it sees
 * @param idleStrategy how it waits in {@link Tailer#poll(MessageHandler, int, java.time.Duration)};
 *     a strategy has a state, so give each tailer its own
 */
public record TailerConfig(Visibility visibility, IdleStrategy idleStrategy) {
  /** Rejects null. */
  public TailerConfig {
    Objects.requireNonNull(visibility, "visibility");
    Objects.requireNonNull(idleStrategy, "idleStrategy");
  }

  /**
   * All published records; waiting parks for a millisecond at a time.
   *
   * @return the defaults
   */
  public static TailerConfig defaults() {
    return new TailerConfig(Visibility.PUBLISHED, new SleepingMillisIdleStrategy());
  }

  /**
   * Changes which records are seen.
   *
   * @param newVisibility which
   * @return a changed copy
   */
  public TailerConfig visibility(Visibility newVisibility) {
    return new TailerConfig(newVisibility, idleStrategy);
  }

  /**
   * Changes how to wait.
   *
   * @param strategy one that no other tailer uses
   * @return a changed copy
   */
  public TailerConfig idleStrategy(IdleStrategy strategy) {
    return new TailerConfig(visibility, strategy);
  }
}
