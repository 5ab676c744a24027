package io.containr.database.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Redis and what speaks its protocol. There is one user, {@code default}, and its password is that of the whole server. */
final class RedisEngine implements EngineClient, PasswordChange {

    private static final String PONG = "PONG";

    private final int millis;

    RedisEngine(Duration patience) {
        this.millis = Math.toIntExact(patience.toMillis());
    }

    @Override
    public void query(Target target) throws EngineException {
        try (Jedis jedis = connect(target)) {
            String answer = jedis.ping();
            if (!PONG.equals(answer)) {
                throw new EngineException("It answered PING with something else");
            }
        } catch (JedisException e) {
            throw failure(e);
        }
    }

    /** What its next instance is started with has the new password too. */
    @Override
    public void changePassword(Target target, String next) throws EngineException {
        try (Jedis jedis = connect(target)) {
            jedis.configSet("requirepass", next);
        } catch (JedisException e) {
            throw failure(e);
        }
    }

    @Override
    public String mark(Target target, String token) throws EngineException {
        SortedMap<Integer, String> rows = Marks.rows(token);
        Map<String, String> fields = new HashMap<>();
        rows.forEach((id, value) -> fields.put(id.toString(), value));
        try (Jedis jedis = connect(target)) {
            jedis.del(Marks.NAME);
            jedis.hset(Marks.NAME, fields);
        } catch (JedisException e) {
            throw failure(e);
        }
        return Marks.checksum(rows);
    }

    @Override
    public String readMark(Target target) throws EngineException {
        SortedMap<Integer, String> rows = new TreeMap<>();
        try (Jedis jedis = connect(target)) {
            jedis.hgetAll(Marks.NAME).forEach((id, value) -> rows.put(Integer.valueOf(id), value));
        } catch (JedisException e) {
            throw failure(e);
        }
        return Marks.checksum(rows);
    }

    /** Its data are on the disk as the append-only file, where it has one. */
    @Override
    public Figures figures(Target target) throws EngineException {
        try (Jedis jedis = connect(target)) {
            Optional<Long> clients = number(jedis.info("clients"), "connected_clients");
            String persistence = jedis.info("persistence");
            boolean appends =
                    number(persistence, "aof_enabled").filter(flag -> flag == 1).isPresent();
            return new Figures(
                    clients.map(count -> Math.toIntExact(count - 1)).orElse(null),
                    appends ? number(persistence, "aof_current_size").orElse(null) : null);
        } catch (JedisException e) {
            throw failure(e);
        }
    }

    private static Optional<Long> number(String info, String field) {
        return info.lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .filter(value -> value.matches("[0-9]{1,18}"))
                .map(Long::valueOf)
                .findFirst();
    }

    private Jedis connect(Target target) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(millis)
                .socketTimeoutMillis(millis)
                .password(target.password());
        if (target.authority() != null) {
            config.ssl(true).sslSocketFactory(Trust.only(target.authority()).getSocketFactory());
        }
        return new Jedis(new HostAndPort(target.host(), target.port()), config.build());
    }

    private static EngineException failure(JedisException e) {
        return new EngineException(String.valueOf(e.getMessage()), e);
    }
}
