package io.chela.store.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// The copy of a database that is made before it is migrated: `chela.db.v1.bak`, for version 1.
final class BackupCopy {
    private BackupCopy() {}

    /// Makes the copy, with what is still in the log, and waits for the disk. Replaces an earlier one of that
    /// version.
    static void make(Connection connection, Path file, int version) throws SQLException, IOException {
        Path copy = file.resolveSibling(file.getFileName() + ".v" + version + ".bak");
        Path half = file.resolveSibling(copy.getFileName() + ".tmp");
        Files.deleteIfExists(half);
        OwnerOnly.create(half);
        try (PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
            // VACUUM INTO takes an empty file that is there, and so keeps its mode.
            statement.setString(1, half.toString());
            statement.execute();
        }
        try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(half, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
