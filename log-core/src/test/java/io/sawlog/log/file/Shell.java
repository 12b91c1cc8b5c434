package io.sawlog.log.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands of the operating system. */
final class Shell {
  private Shell() {}

  static boolean isLinux() {
    return System.getProperty("os.name").startsWith("Linux");
  }

  static boolean isRoot() {
    return isLinux() && "root".equals(System.getProperty("user.name"));
  }

  static String output(String... command) throws IOException {
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
