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

/** Certificates and keys from PEM files, as key stores in memory. */
public final class PemFiles {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final int LARGEST = 4 << 20;
    private static final String MEND = "; convert it by: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW";
    /** What stands in PKCS#8 between the length of the whole and an RSA key of PKCS#1. */
    private static final byte[] RSA = {
        2, 1, 0, 0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    private PemFiles() {}

    /** The certificates of a file, to be trusted. */
    public static KeyStore trusted(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        return store;
    }

    /** A certificate with its chain, and its key without a password; both may stand in one file. */
    public static KeyStore own(Path certificates, Path key) throws IOException, GeneralSecurityException {
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
            throw new IOException(file + " holds no certificate (a PEM file begins with -----BEGIN CERTIFICATE-----)");
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
                    return privateKey(file, wrapped(der));
                case "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY":
                    throw new IOException(file + " holds a key in a form that cannot be read here" + MEND);
                default:
            }
        }
        throw new IOException(file + " holds no private key that can be read" + MEND);
    }

    private static PrivateKey privateKey(Path file, byte[] pkcs8) throws IOException, GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // it is a key of another kind
            }
        }
        throw new IOException(file + " holds a private key of an unknown kind" + MEND);
    }

    private static byte[] wrapped(byte[] pkcs1) {
        int inner = RSA.length + 4 + pkcs1.length;
        return ByteBuffer.allocate(inner + 4)
                .put((byte) 0x30)
                .put((byte) 0x82)
                .putShort((short) inner)
                .put(RSA)
                .put((byte) 4)
                .put((byte) 0x82)
                .putShort((short) pkcs1.length)
                .put(pkcs1)
                .array();
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is larger than a PEM file is");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
