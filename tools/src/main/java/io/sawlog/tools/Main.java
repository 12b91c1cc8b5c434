package io.sawlog.tools;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The command line tool. */
@Command(
    name = "sawlog",
    versionProvider = Version.class,
    header = "Durable append-only logs in a directory: append, read, look inside, check.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 good; 1 what was asked for is not so (damage found, topic missing, disk full);"
          + " 2 bad usage. Data goes to stdout, everything else to stderr.",
      "",
      "  sawlog demo",
      "  sawlog produce events --file app.log",
      "  sawlog consume events --follow"
    })
public final class Main {
  // Both fields are for the parser.
  @SuppressWarnings("UnusedVariable")
  @Mixin
  private final GeneralOptions general;

  @SuppressWarnings("UnusedVariable")
  @Option(
      names = {"-V", "--version"},
      order = 99,
      versionHelp = true,
      description = "Show the version and exit.")
  private boolean version;

  private Main(GeneralOptions general) {
    this.general = general;
  }

  /**
   * Runs a command and exits with its code.
   *
   * @param args see {@code sawlog --help}
   */
  public static void main(String[] args) {
    GeneralOptions general = new GeneralOptions(Invocation.ofThisProcess());
    System.exit(run(commandLine(general), general, args));
  }

  /** Runs a command, and returns its exit code; whatever goes wrong was reported. */
  static int run(CommandLine commandLine, GeneralOptions general, String... args) {
    ErrorReport errors = new ErrorReport(general);
    try {
      return commandLine
          .setParameterExceptionHandler(errors::badUsage)
          .setExecutionExceptionHandler((thrown, command, parsed) -> errors.failure(thrown))
          .execute(args);
    } catch (StackOverflowError | OutOfMemoryError | LinkageError | InternalError e) {
      return errors.failure(e);
    }
  }

  static CommandLine commandLine(GeneralOptions general) {
    CommandLine topic =
        command(new TopicCommand())
            .addSubcommand(command(new TopicCreateCommand(general)))
            .addSubcommand(command(new TopicListCommand(general)))
            .addSubcommand(command(new TopicDescribeCommand(general)))
            .addSubcommand(command(new TopicAlterCommand(general)))
            .addSubcommand(command(new TopicDeleteCommand(general)))
            .addSubcommand(command(new TopicTrimCommand(general)));
    return command(new Main(general))
        .addSubcommand(command(new DemoCommand(general)))
        .addSubcommand(command(new DemoEmailCommand(general)))
        .addSubcommand(topic)
        .addSubcommand(command(new ProduceCommand(general)))
        .addSubcommand(command(new ConsumeCommand(general)))
        .addSubcommand(command(new DumpCommand(general)))
        .addSubcommand(command(new VerifyCommand(general)))
        .addSubcommand(command(new RepairCommand(general)))
        .addSubcommand(command(new ReindexCommand(general)))
        .addSubcommand(command(new StatsCommand(general)))
        .addSubcommand(perf(general))
        .addSubcommand(command(new BackupCommand(general)))
        .addSubcommand(command(new RestoreCommand(general)))
        .addSubcommand(group(general))
        .addSubcommand(command(new ReportCommand(general)))
        .addSubcommand(new HelpCommand())
        .addSubcommand(new GenerateCompletion())
        // An argument is what it says: one that begins with @ may be a key or a pattern.
        .setExpandAtFiles(false)
        .setUsageHelpAutoWidth(Terminal.isStdout())
        .setColorScheme(Help.defaultColorScheme(Terminal.isStdoutColoured() ? Ansi.ON : Ansi.OFF));
  }

  private static CommandLine perf(GeneralOptions general) {
    return command(new PerfCommand())
        .addSubcommand(command(new PerfProduceCommand(general)))
        .addSubcommand(command(new PerfConsumeCommand(general)))
        .addSubcommand(command(new PerfEndToEndCommand(general)));
  }

  private static CommandLine group(GeneralOptions general) {
    return command(new GroupCommand())
        .addSubcommand(command(new GroupListCommand(general)))
        .addSubcommand(command(new GroupDescribeCommand(general)))
        .addSubcommand(command(new GroupCreateCommand(general)))
        .addSubcommand(command(new GroupResetCommand(general)))
        .addSubcommand(command(new GroupDeleteCommand(general)))
        .addSubcommand(command(new GroupDeleteOffsetsCommand(general)))
        .addSubcommand(command(new GroupCopyCommand(general)))
        .addSubcommand(command(new GroupPauseCommand(general)))
        .addSubcommand(command(new GroupResumeCommand(general)))
        .addSubcommand(command(new GroupPendingCommand(general)))
        .addSubcommand(command(new GroupDeadCommand(general)))
        .addSubcommand(command(new GroupRedriveCommand(general)));
  }

  /** Not inherited like the other general options: the parser's own commands bring theirs. */
  private static CommandLine command(Object command) {
    CommandLine line = new CommandLine(command);
    // Each command's own options first, then the general ones, by their order numbers.
    line.getCommandSpec().usageMessage().sortOptions(false);
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .order(98)
                .usageHelp(true)
                .description("Show this help and exit.")
                .build());
    return line;
  }
}
