package io.containr.database.engine;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bson.Document;

/** MongoDB, whose first user belongs to the database {@code admin}. */
final class MongoEngine implements EngineClient, PasswordChange {

    private static final String ADMIN = "admin";
    private static final String VALUE = "value";

    private final int millis;

    MongoEngine(Duration patience) {
        this.millis = Math.toIntExact(patience.toMillis());
    }

    /** Asks for what only a user who is logged in may know. */
    @Override
    public void query(Target target) throws EngineException {
        run(target, target.database(), new Document("dbStats", 1));
    }

    @Override
    public void changePassword(Target target, String next) throws EngineException {
        run(target, ADMIN, new Document("updateUser", target.user()).append("pwd", next));
    }

    /** Connections of this driver are among them: it does not say how many it has. */
    @Override
    public Figures figures(Target target) throws EngineException {
        Document status = run(target, ADMIN, new Document("serverStatus", 1));
        Document stats = run(target, target.database(), new Document("dbStats", 1));
        Integer connections = status.get("connections") instanceof Document counted
                        && counted.get("current") instanceof Number current
                ? current.intValue()
                : null;
        Long stored =
                stats.get("storageSize") instanceof Number data && stats.get("indexSize") instanceof Number indexes
                        ? data.longValue() + indexes.longValue()
                        : null;
        return new Figures(connections, stored);
    }

    @Override
    public String mark(Target target, String token) throws EngineException {
        return with(target, client -> mark(client.getDatabase(target.database()), token));
    }

    @Override
    public String readMark(Target target) throws EngineException {
        return with(target, client -> readMark(client.getDatabase(target.database())));
    }

    /** In the journal when it returns: that is what a backup holds. */
    static String mark(MongoDatabase database, String token) {
        SortedMap<Integer, String> rows = Marks.rows(token);
        MongoCollection<Document> marks = marks(database);
        marks.deleteMany(new Document());
        marks.insertMany(rows.entrySet().stream()
                .map(row -> new Document("_id", row.getKey()).append(VALUE, row.getValue()))
                .toList());
        return Marks.checksum(rows);
    }

    static String readMark(MongoDatabase database) {
        SortedMap<Integer, String> rows = new TreeMap<>();
        marks(database).find().forEach(row -> rows.put(row.getInteger("_id"), row.getString(VALUE)));
        return Marks.checksum(rows);
    }

    private static MongoCollection<Document> marks(MongoDatabase database) {
        return database.getCollection(Marks.NAME).withWriteConcern(WriteConcern.JOURNALED);
    }

    private Document run(Target target, String database, Document command) throws EngineException {
        Document answer = with(target, client -> client.getDatabase(database).runCommand(command));
        if (!(answer.get("ok") instanceof Number ok) || ok.intValue() != 1) {
            throw new EngineException("It refused a command");
        }
        return answer;
    }

    private <T> T with(Target target, Function<MongoClient, T> action) throws EngineException {
        MongoClientSettings settings = MongoClientSettings.builder()
                .applyToClusterSettings(
                        cluster -> cluster.hosts(List.of(new ServerAddress(target.host(), target.port())))
                                .serverSelectionTimeout(millis, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket ->
                        socket.connectTimeout(millis, TimeUnit.MILLISECONDS).readTimeout(millis, TimeUnit.MILLISECONDS))
                .credential(MongoCredential.createCredential(
                        target.user(), ADMIN, target.password().toCharArray()))
                .applyToSslSettings(ssl -> {
                    if (target.authority() != null) {
                        ssl.enabled(true).invalidHostNameAllowed(true).context(Trust.only(target.authority()));
                    }
                })
                .applicationName("containr")
                .build();
        try (MongoClient client = MongoClients.create(settings)) {
            return action.apply(client);
        } catch (MongoException e) {
            throw new EngineException(
                    "It does not answer as MongoDB: " + e.getClass().getSimpleName(), e);
        }
    }
}
