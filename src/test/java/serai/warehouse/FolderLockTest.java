package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

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
    void oneAtATimeHasTheFolder() throws Exception {
        assertThat(FolderLock.taken(folder)).isFalse();
        try (FolderLock first = FolderLock.take(folder, Duration.ZERO).orElseThrow()) {
            assertThat(first).isNotNull();
            assertThat(FolderLock.taken(folder)).isTrue();
            assertThat(FolderLock.take(folder, Duration.ofMillis(150))).isEmpty();
        }
        assertThat(FolderLock.taken(folder)).isFalse();
    }

    @Test
    void theNextWaitsUntilTheFirstLetsGo() throws Exception {
        FolderLock first = FolderLock.take(folder, Duration.ZERO).orElseThrow();
        CompletableFuture<Optional<FolderLock>> next = CompletableFuture.supplyAsync(() -> {
            try {
                return FolderLock.take(folder, Duration.ofMinutes(1));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        first.close();
        next.get(1, TimeUnit.MINUTES).orElseThrow().close();
    }

    @Test
    void whoLooksTakesNothing() throws Exception {
        FolderLock.take(folder, Duration.ZERO).orElseThrow().close();
        assertThat(FolderLock.taken(folder)).isFalse();
        FolderLock.take(folder, Duration.ZERO).orElseThrow().close();
    }
}
