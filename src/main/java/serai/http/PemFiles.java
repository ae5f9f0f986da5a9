package serai.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from PEM files into key stores in memory. */
final class PemFiles {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final int MAX_FILE_BYTES = 4 << 20;
    private static final String CONVERT = "; convert it by: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW";
    /** DER between the length of a PKCS#8 key and the PKCS#1 key inside: version 0, algorithm RSA. */
    private static final byte[] RSA_ALGORITHM = {
        2, 1, 0, 0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    private PemFiles() {}

    /** The certificates of a file, as authorities to trust. */
    static KeyStore trustStore(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        return store;
    }

    /** A certificate with its chain and its private key, without a password; both may be in one file. */
    static KeyStore keyStore(Path certificates, Path key) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client",
                privateKey(key),
                new char[0],
                certificates(certificates).toArray(new Certificate[0]));
        return store;
    }

    private static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> certificates = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(text(file)); block.find(); ) {
            if (block.group(1).equals("CERTIFICATE")) {
                certificates.add(factory.generateCertificate(
                        new ByteArrayInputStream(Base64.getMimeDecoder().decode(block.group(2)))));
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException(
                    file + " contains no certificate (a PEM file begins with -----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        for (Matcher block = BLOCK.matcher(text(file)); block.find(); ) {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            switch (block.group(1)) {
                case "PRIVATE KEY":
                    return privateKey(file, der);
                case "RSA PRIVATE KEY":
                    return privateKey(file, pkcs8(der));
                case "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY":
                    throw new IOException(file + " contains a key in a format that is not supported" + CONVERT);
                default:
            }
        }
        throw new IOException(file + " contains no private key" + CONVERT);
    }

    private static PrivateKey privateKey(Path file, byte[] pkcs8) throws IOException, GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // the key is for another algorithm
            }
        }
        throw new IOException(file + " contains a private key of an unknown algorithm" + CONVERT);
    }

    private static byte[] pkcs8(byte[] pkcs1) {
        int inner = RSA_ALGORITHM.length + 4 + pkcs1.length;
        return ByteBuffer.allocate(inner + 4)
                .put((byte) 0x30)
                .put((byte) 0x82)
                .putShort((short) inner)
                .put(RSA_ALGORITHM)
                .put((byte) 4)
                .put((byte) 0x82)
                .putShort((short) pkcs1.length)
                .put(pkcs1)
                .array();
    }

    private static String text(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("there is no readable file " + file);
        }
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + " is too large for a PEM file");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
