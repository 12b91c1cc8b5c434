package io.sawlog.log.sim;

/** The process was killed. An Error, so that no code under test takes it for a failure it knows. */
public final class SimulatedCrash extends Error {
  private static final long serialVersionUID = 1L;

  SimulatedCrash() {
    super("the simulated process was killed", null, false, false);
  }
}
