/** Files in which this process keeps what it was sent until that is in the warehouse. */
package serai.spool;
