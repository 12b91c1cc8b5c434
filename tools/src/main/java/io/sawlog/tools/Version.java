package io.sawlog.tools;

import picocli.CommandLine.IVersionProvider;

/** The version of Sawlog, from the manifest of its jar, and of the Java that runs it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      "sawlog "
          + (version == null ? "(development build)" : version)
          + ", Java "
          + System.getProperty("java.version")
    };
  }
}
