package io.sawlog.tools;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
final class GeneralOptions {
  private static final String DIRECTORY_VARIABLE = "SAWLOG_DIR";
  private static final String DEFAULT_DIRECTORY = "sawlog-data";

  private final Invocation invocation;

  @Option(
      names = "--dir",
      order = 91,
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The store (default: $SAWLOG_DIR or sawlog-data).")
  private @Nullable Path directory;

  @Option(
      names = "--json",
      order = 92,
      scope = ScopeType.INHERIT,
      description = "Print one JSON object a line; bytes that are not UTF-8 become NAME_base64.")
  private boolean json;

  @Option(
      names = "--stacktrace",
      order = 93,
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean stackTrace;

  GeneralOptions(Invocation invocation) {
    this.invocation = invocation;
  }

  /** Where the store is: the option, the variable, the default, in this order. */
  Path directory() {
    if (directory != null) {
      return directory;
    }
    String variable = invocation.variable(DIRECTORY_VARIABLE);
    return Path.of(variable == null ? DEFAULT_DIRECTORY : variable);
  }

  /** The store, which must be there. */
  Path existingStore() throws IOException {
    Path store = directory();
    if (!LogPath.isStore(store)) {
      throw new CommandException("there is no store at " + store + ": --dir names another");
    }
    return store;
  }

  boolean isDirectoryGiven() {
    return directory != null || invocation.variable(DIRECTORY_VARIABLE) != null;
  }

  /** Standard input. */
  FileInputStream input() {
    return invocation.stdin();
  }

  /** Standard output, with a buffer of its own. */
  Output output() {
    return new Output(invocation.stdout());
  }

  /** Standard output, without one. */
  OutputStream unbufferedOutput() {
    return invocation.stdout();
  }

  boolean json() {
    return json;
  }

  boolean stackTrace() {
    return stackTrace;
  }
}
