package io.flinkblocks.files;

import io.flinkblocks.config.UserError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Which files an input path stands for. */
final class InputFiles {
  private static final List<String> ENDINGS = List.of(".jsonl", ".json", ".gz");
  private static final String FLAG = "--input-path ";

  private InputFiles() {}

  /**
   * The file that the path names, whatever it is called; or of a folder all {@code .jsonl}, {@code
   * .json} and {@code .gz} files in it and below, by path. Names that start with a dot are passed
   * over, folders' too: writers hide what is not finished. Links are followed.
   *
   * @return absolute paths of files that can be opened
   * @throws UserError when there is none, or one cannot be opened
   */
  static List<Path> list(String input) {
    Path root = absolute(input);
    if (!Files.exists(root)) {
      throw new UserError(FLAG + root + " does not exist", "check the path");
    }
    List<Path> files = Files.isDirectory(root) ? below(root) : List.of(root);
    if (files.isEmpty()) {
      throw new UserError(
          FLAG + root + " has no file to read", "it takes " + String.join(", ", ENDINGS));
    }
    for (Path file : files) {
      checkReadable(file);
    }
    return files;
  }

  private static Path absolute(String input) {
    try {
      return Path.of(input).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new UserError(FLAG + "is no path: " + e.getMessage(), "check the path", e);
    }
  }

  private static List<Path> below(Path root) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              boolean hidden = !folder.equals(root) && isHidden(folder);
              return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String name = file.getFileName().toString();
              if (!isHidden(file) && ENDINGS.stream().anyMatch(name::endsWith)) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UserError(FLAG + root + " cannot be listed: " + reason(e), "check the folder", e);
    }
    files.sort(null);
    return files;
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private static void checkReadable(Path file) {
    // A pipe could be read only once, which no restart survives; to open it would wait for ever.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new UserError(file + " is not a regular file", "write its contents to a file first");
    }
    try {
      Files.newByteChannel(file).close();
    } catch (IOException e) {
      throw new UserError(file + " cannot be read: " + reason(e), "check the file", e);
    }
  }

  /** What an exception of the file system says, in words; its message is often just the path. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
      return "it does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemLoopException) {
      return "a link leads back to a folder above it";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
