package io.containr.database.archive;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MessageDigestAlgorithms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * An object that is uploaded in parts, since one request takes 5 GiB at most, and nobody knows the length of what is encrypted before. It
 * is there once it is completed; closed before that, nothing of it stays.
 */
final class Upload implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Upload.class);

    /** An object has 10,000 parts at most, each but the last of 5 MiB at least. */
    private static final int PARTS = 9_000;

    private static final int SMALLEST_PART = 16 << 20;

    private final S3Client s3;
    private final String bucket;
    private final String key;
    private final String id;
    private final ByteBuffer part;
    private final List<CompletedPart> parts = new ArrayList<>();
    private boolean ended;

    /** @param size about how many bytes it will have, by which the size of a part is chosen */
    Upload(S3Client s3, String bucket, String key, Map<String, String> metadata, long size) {
        this.s3 = s3;
        this.bucket = bucket;
        this.key = key;
        this.part = ByteBuffer.allocate(Math.toIntExact(Math.max(SMALLEST_PART, size / PARTS)));
        this.id = s3.createMultipartUpload(
                        request -> request.bucket(bucket).key(key).metadata(metadata))
                .uploadId();
    }

    /** What was begun under that key and never completed, as by a process that was killed. */
    static void abortUnfinished(S3Client s3, String bucket, String key) {
        s3.listMultipartUploadsPaginator(request -> request.bucket(bucket).prefix(key)).uploads().stream()
                .filter(upload -> upload.key().equals(key))
                .forEach(upload -> s3.abortMultipartUpload(
                        request -> request.bucket(bucket).key(key).uploadId(upload.uploadId())));
    }

    /** Closing it completes nothing. */
    OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                for (int from = offset; from < offset + length; ) {
                    if (!part.hasRemaining()) {
                        send();
                    }
                    int count = Math.min(part.remaining(), offset + length - from);
                    part.put(bytes, from, count);
                    from += count;
                }
            }
        };
    }

    private void send() {
        int number = parts.size() + 1;
        byte[] bytes = part.array();
        int length = part.position();
        String md5 = Base64.getEncoder()
                .encodeToString(DigestUtils.digest(
                        DigestUtils.getDigest(MessageDigestAlgorithms.MD5), ByteBuffer.wrap(bytes, 0, length)));
        UploadPartResponse sent = s3.uploadPart(
                request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(id)
                        .partNumber(number)
                        .contentLength((long) length)
                        .contentMD5(md5),
                RequestBody.fromContentProvider(
                        () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream"));
        parts.add(CompletedPart.builder().partNumber(number).eTag(sent.eTag()).build());
        part.clear();
    }

    void complete() {
        if (part.position() > 0) {
            send();
        }
        s3.completeMultipartUpload(
                request -> request.bucket(bucket).key(key).uploadId(id).multipartUpload(upload -> upload.parts(parts)));
        ended = true;
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        try {
            s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(id));
        } catch (SdkException e) {
            log.warn("What was uploaded of {} stays until the next attempt: {}", key, e.getMessage());
        }
    }
}
