package io.sawlog.tools;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The process of the {@link EmailService}, and what it reports. */
final class EmailProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final CompletableFuture<Void> reports = new CompletableFuture<>();

  private EmailProcess(Process process) {
    this.process = process;
  }

  /** Starts this program once more, as that service. */
  static EmailProcess start(Path directory, OpenOptions opening, ServiceTally tally)
      throws IOException {
    Process started =
        new ProcessBuilder(command(directory, opening)).redirectError(Redirect.INHERIT).start();
    EmailProcess process = new EmailProcess(started);
    Thread thread = new Thread(() -> process.read(tally), "sawlog-email-reports");
    thread.setDaemon(true);
    thread.start();
    return process;
  }

  /** The options that the launcher gives, and those that the manifest of the jar has. */
  private static List<String> command(Path directory, OpenOptions opening) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(DemoEmailCommand.NAME, "--dir", directory.toString()));
    if (opening.unsafeFileSystemAllowed()) {
      command.add(OpenOptions.ALLOW_UNSAFE_FILE_SYSTEM);
    }
    return command;
  }

  private void read(ServiceTally tally) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        tally.handled(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
      }
      reports.complete(null);
    } catch (IOException e) {
      reports.completeExceptionally(new UncheckedIOException(e));
    } catch (RuntimeException e) {
      reports.completeExceptionally(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Throws if the process has ended. */
  void check() {
    if (!process.isAlive()) {
      throw new CommandException(
          EmailService.GROUP + " ended by itself, with exit code " + process.exitValue());
    }
  }

  /** Ends it with SIGKILL, and hears what it had reported before. */
  void kill() {
    // By its handle: the process itself would close its reports unread.
    process.toHandle().destroyForcibly();
    process.onExit().join();
    reports.join();
  }

  /** Lets it finish what it has in its hands, and hears the rest. */
  void finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new CommandException(
          EmailService.GROUP + " did not end within " + PATIENCE_SECONDS + " s");
    }
    reports.join();
    if (process.exitValue() != 0) {
      check();
    }
  }

  /** Ends it with SIGKILL, if it has not ended. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
