package io.containr.gateway.application;

import io.containr.gateway.GatewaySettings;
import io.containr.gateway.route.RouteTable;
import java.util.List;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.client.HttpClient;

@Configuration(proxyBeanMethods = false)
class ApplicationConfiguration {

    @Bean
    ApplicationFilter applicationFilter(
            RouteTable table, HttpClient client, List<HttpHeadersFilter> headersFilters, GatewaySettings settings) {
        GatewaySettings.Applications applications = settings.applications();
        WebSocketRelay webSockets = new WebSocketRelay(
                client,
                headersFilters,
                Math.toIntExact(applications.maxWebSocketFrame().toBytes()),
                applications.responseTimeout());
        return new ApplicationFilter(
                table,
                webSockets,
                new ResponseTimeout(applications.responseTimeout()),
                applications.avoidFor(),
                applications.reachWithin());
    }

    @Bean
    ApplicationGate applicationGate(FilteringWebHandler filters, ApplicationFilter filter, GatewaySettings settings) {
        return new ApplicationGate(new ApplicationHandler(filters, filter, settings));
    }
}
