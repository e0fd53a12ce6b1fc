package io.coppice.pool;

/**
 * A named part of an arena.
 *
 * @param name unique in the arena
 * @param kind what it is
 * @param offset from the start of the arena, 64-byte aligned
 * @param bytes of it
 */
public record Structure(String name, StructureKind kind, long offset, long bytes) {}
