package io.palimpsest.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory that one server alone works in, for as long as it runs. The system frees it too when the process dies.
 *
 * <p>Within this process a set stands before the file: a process that closes any of its channels to a locked file loses the lock (POSIX), so a
 * second server must not even open it.
 */
final class ServerLock implements AutoCloseable {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel file;

    private ServerLock(Path directory, FileChannel file) {
        this.directory = directory;
        this.file = file;
    }

    /**
     * Takes the directory, without waiting.
     *
     * @param directory a real path
     * @throws ServerStartException if a living server has it
     */
    static ServerLock take(Path directory, String server) {
        if (!HELD_HERE.add(directory)) {
            throw taken(directory, server);
        }
        try {
            return new ServerLock(directory, lock(directory, server));
        } catch (RuntimeException e) {
            HELD_HERE.remove(directory);
            throw e;
        }
    }

    private static FileChannel lock(Path directory, String server) {
        try {
            var file = FileChannel.open(
                    directory.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (file.tryLock() == null) {
                file.close();
                throw taken(directory, server);
            }
            return file;
        } catch (IOException e) {
            throw Directories.notWritable(directory, e);
        }
    }

    private static ServerStartException taken(Path directory, String server) {
        return new ServerStartException("Another " + server + " runs on " + directory
                + ": two would write over each other. Stop it, or choose another directory.");
    }

    /** Gives the directory back; a second time does nothing. */
    @Override
    public void close() {
        try {
            if (file.isOpen()) {
                file.close(); // and with it the lock
                HELD_HERE.remove(directory);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot give back " + directory + ": " + e, e);
        }
    }
}
