package io.sawlog.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The part of {@code demo} that is a process of its own, so that it can be killed. */
@Command(
    name = DemoEmailCommand.NAME,
    hidden = true,
    header = "The e-mail service that 'sawlog demo' starts; ends with its input.")
final class DemoEmailCommand implements Callable<Integer> {
  static final String NAME = "demo-email-service";

  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  DemoEmailCommand(GeneralOptions general) {
    this.general = general;
  }

  // Reports are not buffered, and the stream stays open until the process ends.
  @SuppressWarnings("resource")
  @Override
  public Integer call() throws InterruptedException {
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      new EmailService(general.unbufferedOutput()).run(open.groups(), general.input());
    }
    return 0;
  }
}
