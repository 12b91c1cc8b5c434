package io.sawlog.groups;

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
 * The groups with a bug in them: one class is compiled from a changed copy of its source, and all
 * classes of this package, tests included, are loaded again around it. So the groups themselves
 * need no switches.
 */
final class PatchedGroups extends ClassLoader {
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "sawlog", "groups");

  private final Map<String, byte[]> patched;

  private PatchedGroups(Map<String, byte[]> patched) {
    super(PatchedGroups.class.getClassLoader());
    this.patched = patched;
  }

  /**
   * Compiles a class with a change.
   *
   * @param file the source
   * @param present what it says; must be there exactly once
   * @param changed what it is to say
   */
  static PatchedGroups with(String file, String present, String changed) {
    try {
      String source = Files.readString(SOURCES.resolve(file));
      int at = source.indexOf(present);
      if (at < 0 || source.indexOf(present, at + 1) >= 0) {
        throw new AssertionError(file + " has changed: plant the bug anew, not at " + present);
      }
      return new PatchedGroups(compile(file, source.replace(present, changed)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, byte[]> compile(String file, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> outputs = new HashMap<>();
    JavaFileObject input =
        new SimpleJavaFileObject(
            URI.create("string:///io/sawlog/groups/" + file), JavaFileObject.Kind.SOURCE) {
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
    if (!name.startsWith("io.sawlog.groups.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = patched.get(name);
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
