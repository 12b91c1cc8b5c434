package io.sawlog.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The topics of a store as one process has them open: to write them, or only to read them. */
sealed interface OpenStore permits WrittenStore, FollowedStore {
  /** Finds a topic, opening it if need be; null if there is none of this name. */
  @Nullable Topic find(String name) throws IOException;

  /**
   * Closes everything, as far as that is possible.
   *
   * @throws RuntimeException the first failure, with the others suppressed
   */
  void close();
}
