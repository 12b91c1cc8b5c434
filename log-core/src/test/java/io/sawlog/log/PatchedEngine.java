package io.sawlog.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The engine with a bug in it: one class is compiled from a changed copy of its source, and all
 * classes of the project are loaded again around it. So the engine itself needs no switches.
 */
public final class PatchedEngine extends ClassLoader {
  private static final List<Path> SOURCES =
      List.of(
          sources("log-index", "index"),
          sources("log-core", "log"),
          sources("consumer-groups", "groups"));

  private final String file;
  private final String text;
  private Map<String, byte[]> compiled;

  private PatchedEngine(String file, String text) {
    super(PatchedEngine.class.getClassLoader());
    this.file = file;
    this.text = text;
  }

  /**
   * Changes a class, which is compiled when it is needed: so that the place of a bug is still there
   * can be seen in each build.
   *
   * @param file the source, below {@code io/sawlog/log}, {@code index} or {@code groups}
   * @param presentAndChanged what it says, which must be there exactly once, and what it is to say;
   *     any number of such pairs
   */
  public static PatchedEngine with(String file, String... presentAndChanged) {
    try {
      String text = Files.readString(source(file));
      for (int i = 0; i < presentAndChanged.length; i += 2) {
        String present = presentAndChanged[i];
        int at = text.indexOf(present);
        if (at < 0 || text.indexOf(present, at + 1) >= 0) {
          throw new AssertionError(file + " has changed: plant the bug anew, not at " + present);
        }
        text = text.replace(present, presentAndChanged[i + 1]);
      }
      return new PatchedEngine(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path sources(String module, String folder) {
    return Path.of("..", module, "src", "main", "java", "io", "sawlog", folder);
  }

  private static Path source(String file) {
    return SOURCES.stream()
        .map(folder -> folder.resolve(file))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError(file + " has gone: plant the bug anew"));
  }

  /** Writes the changed class where another JVM finds it. */
  void writeTo(Path directory) throws IOException {
    for (Map.Entry<String, byte[]> patch : patched().entrySet()) {
      Path file = directory.resolve(patch.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, patch.getValue());
    }
  }

  private synchronized Map<String, byte[]> patched() {
    if (compiled == null) {
      compiled = compile(file, text);
    }
    return compiled;
  }

  private static Map<String, byte[]> compile(String file, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> outputs = new HashMap<>();
    JavaFileObject input =
        new SimpleJavaFileObject(URI.create("string:///" + file), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    JavaFileManager files =
        new ForwardingJavaFileManager<>(compiler.getStandardFileManager(null, null, null)) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(
                URI.create("bytes:///" + className.replace('.', '/') + ".class"), kind) {
              @Override
              public OutputStream openOutputStream() {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                outputs.put(className, bytes);
                return bytes;
              }
            };
          }
        };
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> options = List.of("-cp", classPath, "-nowarn", "-proc:none");
    if (!compiler.getTask(null, files, null, options, null, List.of(input)).call()) {
      throw new AssertionError("the planted bug in " + file + " does not compile");
    }
    Map<String, byte[]> classes = new HashMap<>();
    outputs.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("io.sawlog.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = patched().get(name);
    try (InputStream present = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (bytes == null) {
        if (present == null) {
          throw new ClassNotFoundException(name);
        }
        bytes = present.readAllBytes();
      }
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
