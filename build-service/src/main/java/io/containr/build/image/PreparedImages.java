package io.containr.build.image;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import io.containr.contracts.build.PreparedImage;
import io.containr.runtime.messaging.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Remembers what images became, so that nothing is prepared twice. */
@Repository
class PreparedImages {

    private final JdbcClient jdbc;
    private final MessageCodec codec;

    PreparedImages(JdbcClient jdbc, MessageCodec codec) {
        this.jdbc = jdbc;
        this.codec = codec;
    }

    static DescriptorDigest digest(PreparedImage image) {
        try {
            return DescriptorDigest.fromDigest(image.digest());
        } catch (DigestException e) {
            throw new IllegalArgumentException("no digest: " + image.digest(), e);
        }
    }

    Optional<PreparedImage> find(String repository, DescriptorDigest source, DescriptorDigest init) {
        return jdbc.sql("""
                select image from prepared_image
                where repository = :repository and source_digest = :source and init_digest = :init""")
                .param("repository", repository)
                .param("source", source.toString())
                .param("init", init.toString())
                .query(String.class)
                .optional()
                .map(json -> codec.read(json.getBytes(StandardCharsets.UTF_8), PreparedImage.class));
    }

    void record(String repository, DescriptorDigest source, DescriptorDigest init, PreparedImage image) {
        jdbc.sql("""
                insert into prepared_image (repository, source_digest, init_digest, digest, image)
                values (:repository, :source, :init, :digest, :image)
                on conflict (repository, source_digest, init_digest) do update
                set digest = excluded.digest, image = excluded.image""")
                .param("repository", repository)
                .param("source", source.toString())
                .param("init", init.toString())
                .param("digest", image.digest())
                .param("image", new String(codec.write(image), StandardCharsets.UTF_8))
                .update();
    }

    void forget(String repository, String digest) {
        jdbc.sql("delete from prepared_image where repository = :repository and digest = :digest")
                .param("repository", repository)
                .param("digest", digest)
                .update();
    }
}
