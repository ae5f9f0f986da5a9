package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

    @TempDir
    Path folder;

    @Test
    void oneProcessAtATimeHoldsTheFolder() throws Exception {
        assertThat(FolderLock.isHeld(folder)).isFalse();
        try (FolderLock first = FolderLock.acquire(folder, Duration.ZERO).orElseThrow()) {
            assertThat(first).isNotNull();
            assertThat(FolderLock.isHeld(folder)).isTrue();
            assertThat(FolderLock.acquire(folder, Duration.ofMillis(150))).isEmpty();
        }
        assertThat(FolderLock.isHeld(folder)).isFalse();
    }

    @Test
    void aSecondProcessWaitsUntilTheFirstReleasesTheFolder() throws Exception {
        FolderLock first = FolderLock.acquire(folder, Duration.ZERO).orElseThrow();
        CompletableFuture<Optional<FolderLock>> second = CompletableFuture.supplyAsync(() -> {
            try {
                return FolderLock.acquire(folder, Duration.ofMinutes(1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        first.close();
        second.get(1, TimeUnit.MINUTES).orElseThrow().close();
    }

    @Test
    void askingWhetherTheFolderIsHeldDoesNotLockIt() throws Exception {
        FolderLock.acquire(folder, Duration.ZERO).orElseThrow().close();
        assertThat(FolderLock.isHeld(folder)).isFalse();
        FolderLock.acquire(folder, Duration.ZERO).orElseThrow().close();
    }
}
