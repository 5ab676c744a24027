package io.containr.deploy.log;

import java.io.IOException;
import java.util.List;

/** Where a follower's lines go. Every method throws once nobody listens any more. */
public interface LogSink {

    void send(List<LogEntry> entries) throws IOException;

    /** A sign of life while there is nothing to send. */
    void heartbeat() throws IOException;

    /** Nothing more will come. */
    void end();
}
