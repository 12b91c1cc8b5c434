package io.sawlog.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * The {@code redis-server} of this machine, on loopback, with an append-only file that it leaves to
 * the kernel: what it has answered survives its own death, as a {@code WRITTEN} append does.
 */
final class RedisServer implements AutoCloseable {
  private static final String PROGRAM = "redis-server";
  private static final int TRIES = 1000;
  private static final long BETWEEN_TRIES_NS = 10_000_000;

  private final Path directory = Directory.create();
  private final int port = freePort();
  private final Process process;

  RedisServer() {
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      PROGRAM,
                      "--bind",
                      "127.0.0.1",
                      "--port",
                      Integer.toString(port),
                      "--dir",
                      directory.toString(),
                      "--save",
                      "",
                      "--appendonly",
                      "yes",
                      "--appendfsync",
                      "no"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM)));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection, as soon as there can be one; to be closed by the caller. */
  Jedis connect() {
    for (int i = 0; i < TRIES && process.isAlive(); i++) {
      Jedis client = new Jedis("127.0.0.1", port);
      try {
        client.ping();
        return client;
      } catch (JedisConnectionException e) {
        client.close();
        LockSupport.parkNanos(BETWEEN_TRIES_NS);
      }
    }
    throw new IllegalStateException(PROGRAM + " does not answer at port " + port);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    Directory.delete(directory);
  }
}
