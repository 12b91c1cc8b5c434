package io.sawlog.tools;

import io.sawlog.log.LogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Turns whatever was thrown into one line on stderr and an exit code. */
final class ErrorReport {
  /** The thing asked for is not so. */
  static final int FAILED = 1;

  /** The command line makes no sense. */
  static final int BAD_USAGE = 2;

  /** What a shell shows for a program that a broken pipe ended: 128 + SIGPIPE. */
  static final int BROKEN_PIPE = 141;

  /** In the words of the system, in whatever an exception says of a file. */
  private static final String NO_DESCRIPTORS = "Too many open files";

  private final GeneralOptions options;

  ErrorReport(GeneralOptions options) {
    this.options = options;
  }

  /** Reports an option or an argument that the parser does not take. */
  int badUsage(ParameterException e, String[] unusedArguments) {
    CommandLine command = e.getCommandLine();
    print(
        oneLine(String.valueOf(e.getMessage()))
            + " ('"
            + command.getCommandSpec().qualifiedName()
            + " --help' shows the usage)",
        e);
    return BAD_USAGE;
  }

  /** Reports what a command threw. */
  int failure(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null
        && (cause instanceof CompletionException || cause instanceof UncheckedIOException)) {
      cause = cause.getCause();
    }
    if (cause instanceof BrokenPipeException) {
      return BROKEN_PIPE;
    }
    String message = message(cause);
    print(message.contains(NO_DESCRIPTORS) ? message + ": raise 'ulimit -n'" : message, cause);
    return cause instanceof UsageException ? BAD_USAGE : FAILED;
  }

  private void print(String message, Throwable thrown) {
    System.err.println("sawlog: " + message);
    if (options.stackTrace()) {
      thrown.printStackTrace();
    }
    System.err.flush();
  }

  private static String message(Throwable thrown) {
    String message = oneLine(String.valueOf(thrown.getMessage()));
    if (thrown instanceof CommandException
        || thrown instanceof UsageException
        || thrown instanceof LogException
        || thrown instanceof IllegalArgumentException) {
      return message;
    }
    if (thrown instanceof NoSuchFileException e) {
      return e.getFile() + ": no such file or directory";
    }
    if (thrown instanceof AccessDeniedException e) {
      return e.getFile() + ": access denied";
    }
    if (thrown instanceof FileSystemException || thrown instanceof IOException) {
      return message;
    }
    if (thrown instanceof OutOfMemoryError) {
      return "out of memory: give the JVM more with SAWLOG_JAVA_OPTS=-Xmx2g";
    }
    return "unexpected " + thrown + ": please report it with the output of --stacktrace";
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
