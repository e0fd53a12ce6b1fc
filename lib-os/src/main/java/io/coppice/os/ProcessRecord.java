package io.coppice.os;

/**
 * One process as the kernel showed it at some moment.
 *
 * @param pid its number
 * @param parent pid of its parent then
 * @param group number of its process group
 * @param session number of its session
 * @param startTime that {@link OperatingSystem#startTime} gives while it lives
 * @param alive false where it has ended and only waits to be reaped
 */
public record ProcessRecord(
        long pid, long parent, long group, long session, long startTime, boolean alive) {}
