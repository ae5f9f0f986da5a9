/** Reads the binary log of MariaDB: transactions, and rows as texts that PostgreSQL understands. */
package serai.load.replicate.mariadb;
