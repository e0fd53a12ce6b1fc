package io.coppice.bench;

/** An account as Chronicle Values lays it out in shared memory; the class is made at run time. */
public interface ChronicleAccount {
    /** Returns the balance. */
    long getBalance();

    /** Stores the balance. */
    void setBalance(long balance);

    /** Returns how many transfers there were. */
    long getCount();

    /** Stores how many transfers there were. */
    void setCount(long count);
}
