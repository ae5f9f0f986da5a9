/**
 * The messages of PostgreSQL's output plugin {@code pgoutput}, protocol version 1, as a source server sends them in
 * logical replication. Values stay bytes of the message. The format: docs/reference/postgresql.md, "Logical
 * replication".
 */
package serai.load.replicate.pgoutput;
