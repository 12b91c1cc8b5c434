package io.sawlog.tools;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A command that runs, and is talked to line by line. Ended with SIGKILL when it is closed. */
final class RunningCli implements AutoCloseable {
  /** The common pool has one thread on two cores, which one blocked reader would take for all. */
  private static final Executor OWN_THREAD =
      task -> {
        Thread thread = new Thread(task, "child-output");
        thread.setDaemon(true);
        thread.start();
      };

  private final Process process;
  private final String[] arguments;
  private final BufferedReader stdout;
  private final CompletableFuture<String> stderr;

  /** Written by the thread that reads, searched by the test. */
  @SuppressWarnings("JdkObsolete")
  private final StringBuffer said = new StringBuffer();

  private RunningCli(Process process, String[] arguments) {
    this.process = process;
    this.arguments = arguments;
    this.stdout =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.stderr =
        CompletableFuture.supplyAsync(() -> readAll(process.getErrorStream()), OWN_THREAD);
  }

  static RunningCli of(Process process, String... arguments) {
    return new RunningCli(process, arguments);
  }

  private String readAll(InputStream stream) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.append(line).append('\n');
      }
      return said.toString();
    } catch (IOException e) {
      return "stderr could not be read: " + e;
    }
  }

  /** Waits until it has said this on stderr. */
  void awaitSaid(String words) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Cli.PATIENCE_SECONDS);
    while (said.indexOf(words) < 0) {
      if (!isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("'" + words + "' is not in: " + said);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Sends a line to its standard input. */
  void writeLine(String line) throws IOException {
    OutputStream stdin = process.getOutputStream();
    stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    stdin.flush();
  }

  /** Ends its standard input. */
  void closeInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits for the next line of its data; null at the end. */
  String readLine() throws IOException {
    try {
      return CompletableFuture.supplyAsync(this::readLineNow, OWN_THREAD)
          .get(Cli.PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError("no line came from " + String.join(" ", arguments), e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private String readLineNow() {
    try {
      return stdout.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends SIGTERM, which is handled as Ctrl-C is. SIGINT itself is ignored by whatever was started
   * by a shell in the background, as a build may be.
   */
  void terminate() {
    // Not of the process itself, for that closes its streams as well.
    process.toHandle().destroy();
  }

  /** Sends SIGINT, as Ctrl-C does, to what {@link Cli#startInterruptible} has started. */
  void interrupt() throws IOException {
    Cli.await(new ProcessBuilder("kill", "-INT", pid()).start(), "kill -INT");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends SIGKILL, and waits until it is gone. */
  void kill() {
    process.toHandle().destroyForcibly();
    Cli.await(process, arguments);
  }

  /** Waits for its end, and returns its exit code. */
  int await() {
    return Cli.await(process, arguments);
  }

  String pid() {
    return Long.toString(process.pid());
  }

  /** Everything it said on stderr; waits for its end. */
  String stderr() {
    return stderr.join();
  }

  @Override
  public void close() {
    kill();
  }
}
