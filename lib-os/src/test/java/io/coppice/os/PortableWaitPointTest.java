package io.coppice.os;

class PortableWaitPointTest extends WaitPointContract {
    @Override
    OperatingSystem os() {
        return new PortableOperatingSystem();
    }
}
