package io.sawlog.log;

import io.sawlog.log.sim.SimulatedStorage;
import java.nio.file.Path;

/** Stores on a disk that is simulated, whose background does nothing: for the models of groups. */
public final class SimulatedStores {
  private static final long NOW_MS = 1_700_000_000_000L;

  private SimulatedStores() {}

  /** Opens the store for writing, and recovers it if need be. */
  public static Sawlog open(Path directory, SimulatedStorage disk) {
    return Sawlog.open(directory, disk, new Background(() -> NOW_MS));
  }
}
