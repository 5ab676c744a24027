package io.containr.standalone.demo;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.http.server.GitServlet;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A Git repository with the sample application, served over HTTP on loopback as any Git host would. */
public final class SampleRepository implements AutoCloseable {

    private final Git git;
    private final Tomcat server;
    private final int port;

    private SampleRepository(Git git, Tomcat server, int port) {
        this.git = git;
        this.server = server;
        this.port = port;
    }

    /**
     * Commits a copy of the given files into a new repository and serves it.
     *
     * @param directory emptied and used for the repository
     * @param port 0: any free one
     */
    public static SampleRepository serve(Path files, Path directory, int port)
            throws IOException, GitAPIException, LifecycleException {
        deleteRecursively(directory);
        Path work = directory.resolve("work");
        copy(files, work);
        Git git = Git.init().setDirectory(work.toFile()).setInitialBranch("main").call();
        Tomcat server = server(directory, work, port);
        SampleRepository repository =
                new SampleRepository(git, server, server.getConnector().getLocalPort());
        repository.commit("Say hello");
        return repository;
    }

    private static Tomcat server(Path directory, Path work, int port) throws LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.resolve("server").toString());
        Connector connector = new Connector();
        connector.setPort(port);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", directory.toString());
        GitServlet servlet = new GitServlet();
        servlet.setRepositoryResolver((request, name) -> {
            try {
                Repository repository = new FileRepositoryBuilder()
                        .setWorkTree(work.toFile())
                        .setMustExist(true)
                        .build();
                repository.incrementOpen();
                return repository;
            } catch (IOException e) {
                throw new org.eclipse.jgit.errors.RepositoryNotFoundException(name, e);
            }
        });
        Wrapper wrapper = Tomcat.addServlet(context, "git", (Servlet) servlet);
        wrapper.addMapping("/*");
        tomcat.start();
        return tomcat;
    }

    /** The clone URL. */
    public String url() {
        return "http://127.0.0.1:" + port + "/hello.git";
    }

    /** Writes a file and commits it. */
    public RevCommit change(String file, String text, String message) throws IOException, GitAPIException {
        Files.writeString(
                git.getRepository().getWorkTree().toPath().resolve(file), text, StandardCharsets.UTF_8);
        return commit(message);
    }

    /** What a file says now. */
    public String read(String file) throws IOException {
        return Files.readString(git.getRepository().getWorkTree().toPath().resolve(file));
    }

    private RevCommit commit(String message) throws GitAPIException {
        git.add().addFilepattern(".").call();
        return git.commit()
                .setMessage(message)
                .setAuthor("Ada", "ada@example.com")
                .setCommitter("Ada", "ada@example.com")
                .setSign(false)
                .call();
    }

    @Override
    public void close() throws LifecycleException {
        server.stop();
        server.destroy();
        git.close();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void deleteRecursively(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, java.io.@org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
