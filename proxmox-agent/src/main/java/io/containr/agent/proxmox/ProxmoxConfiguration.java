package io.containr.agent.proxmox;

import io.containr.agent.AgentProperties;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** The way to the API: HTTP/1.1 (it speaks nothing newer), the token, and the one server that is believed. */
@Configuration(proxyBeanMethods = false)
class ProxmoxConfiguration {

    @Bean(destroyMethod = "close")
    HttpClient proxmoxHttp(AgentProperties properties) throws IOException, GeneralSecurityException {
        AgentProperties.Proxmox settings = properties.proxmox();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(ServerTrust.context(settings.fingerprint(), settings.caFile()))
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Bean
    Proxmox proxmox(HttpClient proxmoxHttp, AgentProperties properties) throws IOException {
        AgentProperties.Proxmox settings = properties.proxmox();
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(proxmoxHttp);
        requests.setReadTimeout(settings.readTimeout());
        RestClient client = RestClient.builder()
                .requestFactory(requests)
                .baseUrl(settings.url().resolve("/api2/json").toString())
                .defaultHeader(HttpHeaders.AUTHORIZATION, "PVEAPIToken=" + token(settings.tokenFile()))
                .build();
        return new ProxmoxClient(new ProxmoxTransport(client));
    }

    private static String token(Path file) throws IOException {
        String token = Files.readString(file).strip();
        if (!token.matches("[^\\s!=]+@[^\\s!=]+![^\\s=]+=[0-9A-Za-z-]+")) {
            throw new IOException(file + " holds no API token of the form user@realm!tokenid=secret");
        }
        return token;
    }
}
