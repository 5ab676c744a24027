package io.containr.agent;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The proxmox-agent as a program of its own. */
@SpringBootApplication
@EnableConfigurationProperties(AgentProperties.class)
public class AgentServiceApplication {

    public static void main(String[] args) {
        new SpringApplicationBuilder(AgentServiceApplication.class)
                .properties("spring.config.name=proxmox-agent")
                .run(args);
    }
}
