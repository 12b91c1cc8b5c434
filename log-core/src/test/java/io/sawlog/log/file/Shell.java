package io.sawlog.log.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands of the operating system. */
public final class Shell {
  private Shell() {}

  /**
   * Tells where the tests run.
   *
   * @return whether this is Linux
   */
  public static boolean isLinux() {
    return System.getProperty("os.name").startsWith("Linux");
  }

  /**
   * Tells who runs the tests.
   *
   * @return whether this is root on Linux
   */
  public static boolean isRoot() {
    return isLinux() && "root".equals(System.getProperty("user.name"));
  }

  /**
   * Runs a command to its end.
   *
   * @param command the words of the command
   * @return what it said
   * @throws IOException if it failed
   */
  public static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.onExit().join().exitValue();
    if (exit != 0) {
      throw new IOException(List.of(command) + " ended with " + exit + ": " + output);
    }
    return output.strip();
  }
}
