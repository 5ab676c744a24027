package io.containr.build.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/** One request of a fetch, sent when JGit first asks for its answer. Requests of a fetch are small, so they are kept in memory. */
final class GuardedHttpConnection implements HttpConnection {

    private static final Pattern USER = Pattern.compile("^(https?://)[^/?#]*@");

    private final CloseableHttpClient client;
    private final URL url;
    private final boolean trusted;
    private final Map<String, String> requestHeaders = new LinkedHashMap<>();
    private String method = "GET";
    private @Nullable ByteArrayOutputStream body;
    private @Nullable ClassicHttpResponse response;

    /** @param trusted whether a login may be sent there */
    GuardedHttpConnection(CloseableHttpClient client, URL url, boolean trusted) {
        this.client = client;
        this.url = url;
        this.trusted = trusted;
    }

    /** A user in the URL is JGit's to send, in a header and when it is asked for. */
    private ClassicHttpResponse response() throws IOException {
        ClassicHttpResponse known = response;
        if (known != null) {
            return known;
        }
        HttpUriRequestBase request;
        try {
            request = new HttpUriRequestBase(
                    method, new URI(USER.matcher(url.toString()).replaceFirst("$1")));
        } catch (URISyntaxException e) {
            throw new IOException("not a URL to fetch from", e);
        }
        requestHeaders.forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Content-Length") && !name.equalsIgnoreCase("Transfer-Encoding")) {
                request.setHeader(name, value);
            }
        });
        ByteArrayOutputStream sent = body;
        if (sent != null) {
            String type = requestHeaders.get("Content-Type");
            request.setEntity(new ByteArrayEntity(sent.toByteArray(), type == null ? null : ContentType.parse(type)));
        }
        ClassicHttpResponse answer = client.executeOpen(null, request, null);
        response = answer;
        return answer;
    }

    @Override
    public int getResponseCode() throws IOException {
        return response().getCode();
    }

    @Override
    public String getResponseMessage() throws IOException {
        String reason = response().getReasonPhrase();
        return reason == null ? "" : reason;
    }

    @Override
    public URL getURL() {
        return url;
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : received()) {
            fields.computeIfAbsent(header.getName(), ignored -> new ArrayList<>())
                    .add(header.getValue());
        }
        return fields;
    }

    @Override
    public @Nullable String getHeaderField(String name) {
        List<String> values = getHeaderFields(name);
        return values.isEmpty() ? null : values.getLast();
    }

    @Override
    public List<String> getHeaderFields(String name) {
        return getHeaderFields().getOrDefault(name, List.of());
    }

    private Header[] received() {
        ClassicHttpResponse answer = response;
        if (answer == null) {
            throw new IllegalStateException("asked for headers before the answer");
        }
        return answer.getHeaders();
    }

    @Override
    public @Nullable String getContentType() {
        return getHeaderField("Content-Type");
    }

    @Override
    public int getContentLength() {
        String length = getHeaderField("Content-Length");
        return length == null ? -1 : Integer.parseInt(length);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        HttpEntity entity = response().getEntity();
        return entity == null ? InputStream.nullInputStream() : entity.getContent();
    }

    @Override
    public OutputStream getOutputStream() {
        ByteArrayOutputStream buffer = body == null ? new ByteArrayOutputStream() : body;
        body = buffer;
        return buffer;
    }

    @Override
    public void connect() throws IOException {
        response();
    }

    @Override
    public void setRequestMethod(String value) {
        method = value;
    }

    @Override
    public String getRequestMethod() {
        return method;
    }

    @Override
    public void setRequestProperty(String name, @Nullable String value) {
        if (value == null || !trusted && name.equalsIgnoreCase("Authorization")) {
            requestHeaders.remove(name);
        } else {
            requestHeaders.put(name, value);
        }
    }

    @Override
    public boolean usingProxy() {
        return false;
    }

    /** JGit calls this only to switch certificate checks off, which a stray Git setting must not do here. */
    @Override
    public void configure(KeyManager[] keys, TrustManager[] trust, SecureRandom random) throws KeyManagementException {
        throw new KeyManagementException("certificates are always checked");
    }

    @Override
    public void setHostnameVerifier(HostnameVerifier verifier) throws KeyManagementException {
        throw new KeyManagementException("certificates are always checked");
    }

    /** Timeouts, streaming, caches and redirects are decided by {@link GuardedHttp} alone. */
    @Override
    public void setConnectTimeout(int millis) {}

    @Override
    public void setReadTimeout(int millis) {}

    @Override
    public void setUseCaches(boolean caches) {}

    @Override
    public void setInstanceFollowRedirects(boolean follow) {}

    @Override
    public void setDoOutput(boolean output) {}

    @Override
    public void setFixedLengthStreamingMode(int length) {}

    @Override
    public void setChunkedStreamingMode(int chunk) {}
}
