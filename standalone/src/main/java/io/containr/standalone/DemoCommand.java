package io.containr.standalone;

import com.github.dockerjava.api.DockerClient;
import io.containr.local.LocalDocker;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.BaseImage;
import io.containr.standalone.demo.DatabaseDemo;
import io.containr.standalone.demo.Demo;
import io.containr.standalone.demo.SampleRepository;
import io.containr.standalone.demo.Walk;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts the platform if need be and takes a sample application through the whole path. Leaves the platform running. */
@Command(name = "demo", description = "Deploy a sample application through the whole path.")
final class DemoCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private UpCommand up = new UpCommand();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Home home = Home.find();
        home.create();
        Layout layout = Layout.of(home, up.wantsFreePorts());
        out.println("▸ Start Containr (data in " + home.path() + ")");
        out.flush();
        // The sample repository is served by this machine itself.
        up.allowPrivateGit("127.0.0.1");
        up.offerLocalPostgresql();
        up.up(home, layout, out);
        String gateway = "http://localhost:" + layout.port("gateway");
        try (DockerClient docker = LocalDocker.ensure(home.directory("docker")).client();
                SampleRepository repository = SampleRepository.serve(
                        home.root().resolve("examples/hello"), home.directory("demo"), layout.port("demo-git"));
                SampleRepository notes = SampleRepository.serve(
                        home.root().resolve("examples/notes"), home.directory("demo-notes"), 0)) {
            Walk walk = new Walk(new ApiClient(gateway), out);
            Demo demo = new Demo(walk, repository, BaseImage.make(docker));
            String project = demo.begin();
            String url = demo.run(project);
            LocalEngine engine = LocalEngine.POSTGRESQL;
            engine.image().push(docker, engine.reference(layout));
            String notesUrl = new DatabaseDemo(walk, notes, engine.image().make(docker), engine.version()).run(project);
            demo.showAudit();
            out.println();
            out.println("The applications: " + url + " and " + notesUrl);
            out.println("The API:          " + gateway + "/api/v1   (described at " + gateway + "/docs)");
            out.println("The user:         ada@example.com, password correct-horse-battery");
            out.println("All of it goes on running; ./containr status shows it, ./containr down stops it.");
            out.flush();
        }
        return 0;
    }
}
