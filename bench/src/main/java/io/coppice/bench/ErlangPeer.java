package io.coppice.bench;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Erlang's own supervisor and a worker, both processes of one virtual machine, measured by Erlang:
 * from before the worker is killed until another one has its name. What dies and comes back there
 * is a heap of some hundred words, no process of the system.
 */
final class ErlangPeer {
    /** What its row is called. */
    static final String SUBJECT = "Erlang supervisor, in one VM";

    private static final String MODULE = "coppice_bench";

    private static final String SOURCE =
            """
            -module(coppice_bench).
            -export([main/0, init/1, start_worker/0, worker/1]).

            init([]) ->
                {ok, {#{strategy => one_for_one, intensity => 1000000, period => 1},
                      [#{id => worker, start => {coppice_bench, start_worker, []}}]}}.

            start_worker() ->
                proc_lib:start_link(coppice_bench, worker, [self()]).

            worker(Parent) ->
                register(worker, self()),
                proc_lib:init_ack(Parent, {ok, self()}),
                receive never -> ok end.

            main() ->
                logger:set_primary_config(level, none),
                {ok, _} = supervisor:start_link({local, top}, coppice_bench, []),
                loop().

            loop() ->
                case io:get_line("") of
                    eof -> halt();
                    _ -> io:format("~w~n", [once()]), loop()
                end.

            once() ->
                Old = whereis(worker),
                Start = erlang:monotonic_time(nanosecond),
                exit(Old, kill),
                wait(Old) - Start.

            wait(Old) ->
                case whereis(worker) of
                    New when is_pid(New), New =/= Old -> erlang:monotonic_time(nanosecond);
                    _ -> erlang:yield(), wait(Old)
                end.
            """;

    private static final long COMPILE_S = 60;

    private ErlangPeer() {}

    /**
     * Compiles the module and starts the virtual machine.
     *
     * @throws NotRunException where Erlang is not installed, or another one
     */
    static SelfTimed start(final Scratch scratch) throws IOException, NotRunException {
        final Path compiler = OnPath.find("erlc");
        final Path machine = OnPath.find("erl");
        if (compiler == null || machine == null) {
            throw new NotRunException("there is no erl and erlc on PATH");
        }
        final Path folder = scratch.file("erlang");
        Files.createDirectories(folder);
        final Path source = folder.resolve(MODULE + ".erl");
        Files.writeString(source, SOURCE);
        final Path log = scratch.file("erlang.out");
        final Process compile =
                scratch.start(
                        new ProcessBuilder(
                                        compiler.toString(),
                                        "-o",
                                        folder.toString(),
                                        source.toString())
                                .redirectInput(Redirect.from(new File("/dev/null")))
                                .redirectErrorStream(true)
                                .redirectOutput(log.toFile()));
        try {
            if (!compile.waitFor(COMPILE_S, TimeUnit.SECONDS) || compile.exitValue() != 0) {
                throw new NotRunException("erlc does not compile its module");
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new NotRunException("the bench was interrupted", interrupted);
        }
        return new SelfTimed(
                SUBJECT,
                scratch.start(
                        new ProcessBuilder(
                                        machine.toString(),
                                        "-noshell",
                                        "-pa",
                                        folder.toString(),
                                        "-s",
                                        MODULE,
                                        "main")
                                .redirectError(Redirect.appendTo(log.toFile()))));
    }
}
