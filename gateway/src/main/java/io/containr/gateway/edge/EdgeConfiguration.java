package io.containr.gateway.edge;

import io.containr.gateway.GatewaySettings;
import io.netty.channel.ChannelOption;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class EdgeConfiguration {

    @Bean
    VisitFilter visitFilter(GatewaySettings settings) {
        return new VisitFilter(new Visits(settings));
    }

    @Bean
    ForwardingHeaders forwardingHeaders() {
        return new ForwardingHeaders();
    }

    @Bean
    GatewayErrors gatewayErrors(JsonMapper json) {
        return new GatewayErrors(json);
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> clientConnections(
            GatewaySettings settings, JsonMapper json) {
        UriRepair uriRepair = new UriRepair();
        return factory -> factory.addServerCustomizers(server -> server.option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .readTimeout(settings.clientSilence())
                .doOnChannelInit((observer, channel, remote) -> channel.pipeline()
                        .addAfter(NettyPipeline.HttpCodec, "uri-repair", uriRepair)
                        .addAfter(NettyPipeline.HttpCodec, "unreadable-requests", new UnreadableRequests(json))));
    }

    @Bean
    HttpClientCustomizer upstreamConnections() {
        return client -> client.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
    }
}
