package io.containr.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

/**
 * Of the jars that lie in one folder for all programs, those of one: each jar on a class path costs its program a list of its entries, and
 * time at the start. A module's jar names what the build resolved for it alone. Versions may be other ones where all programs share them, so
 * that jars are told apart by the name before it.
 */
final class OwnClassPath {

    private static final String LIST = "META-INF/class-path";
    private static final String SEPARATOR = ":";

    private OwnClassPath() {}

    /**
     * In the order of {@code jars}.
     *
     * @param jars of all programs
     * @param program the name of the module that is started
     * @return all of them where the program's jar is not among them, or does not say what it needs
     */
    static List<Path> of(String program, List<Path> jars) {
        return jars.stream()
                .filter(jar -> artifact(jar).equals(program))
                .findAny()
                .map(jar -> of(jar, named(jar), jars))
                .orElse(jars);
    }

    private static List<Path> of(Path program, Set<String> named, List<Path> jars) {
        return named.isEmpty()
                ? jars
                : jars.stream()
                        .filter(jar -> jar.equals(program) || named.contains(artifact(jar)))
                        .toList();
    }

    private static Set<String> named(Path program) {
        try (JarFile jar = new JarFile(program.toFile())) {
            ZipEntry list = jar.getEntry(LIST);
            if (list == null) {
                return Set.of();
            }
            try (InputStream in = jar.getInputStream(list)) {
                return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8).split(SEPARATOR))
                        .map(name -> artifact(Path.of(name.strip())))
                        .collect(Collectors.toUnmodifiableSet());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the class path of " + program, e);
        }
    }

    /** The file's name before its version. */
    private static String artifact(Path jar) {
        return jar.getFileName().toString().replaceFirst("-\\d.*$", "");
    }
}
