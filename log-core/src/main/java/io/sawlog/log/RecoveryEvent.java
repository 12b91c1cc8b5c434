package io.sawlog.log;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A partition that was recovered at opening; the fields are those of the recovery report. */
@Name("io.sawlog.Recovery")
@Label("Recovery")
@Description("A partition that was not closed cleanly was analysed and mended")
@StackTrace(false)
final class RecoveryEvent extends PartitionEvent {
  @Label("Cause")
  String cause = "";

  @Label("Recovery Point")
  @Description("Offset below which nothing was looked at")
  long recoveryPoint;

  @Label("End Offset")
  @Description("Offset behind the last record that was kept")
  long endOffset;

  @Label("Next Offset")
  @Description("Offset that the next record gets; larger than End Offset after a power loss")
  long nextOffset;

  @Label("Scanned")
  @DataAmount
  long scannedBytes;

  @Label("Aborted Records")
  @Description("Unfinished appends that count as aborted records now")
  long abortedRecords;

  @Label("Files Set Aside")
  int filesSetAside;

  static RecoveryEvent begun() {
    RecoveryEvent event = new RecoveryEvent();
    event.begin();
    return event;
  }

  void commitFor(RecoveryReport.PartitionRecovery report) {
    cause = report.cause().name();
    recoveryPoint = report.recoveryPoint();
    endOffset = report.endOffset();
    nextOffset = report.nextOffset();
    scannedBytes = report.scannedBytes();
    abortedRecords = report.abortedRecords();
    filesSetAside = report.setAside().size();
    commitFor(report.topic(), report.partition());
  }
}
