#include "observed_child.h"

#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <csignal>
#include <thread>

#include "core/base/check.h"
#include "core/kernel/kernel_switch_count.h"

namespace heddle::kernel {

void pin_to_cpu(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    CHECK(::sched_setaffinity(0, sizeof set, &set) == 0);
}

Observed observe(const std::function<int()>& body, const ObserverOptions& options, Nanoseconds reader_away) {
    int gate[2];
    CHECK(::pipe2(gate, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    CHECK(child >= 0);
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::close(gate[1]);
        char go = 0;
        if (::read(gate[0], &go, 1) != 1) ::_exit(120);
        ::_exit(body());
    }
    ::close(gate[0]);
    // Its first switches, up to the wait on the pipe, are not the lab's.
    while (!waits_in_kernel(ThreadId(child))) ::sched_yield();

    Observed result;
    result.pid = ProcessId(child);
    auto observer = open_observer(ProcessId(child), options);
    if (!observer) {
        result.error = observer.error().message();
        ::kill(child, SIGKILL);
        ::close(gate[1]);
        ::waitpid(child, nullptr, 0);
        return result;
    }
    result.source = (*observer)->source();
    result.unavailable = (*observer)->unavailable();
    const std::int64_t base = kernel_switch_count(ProcessId(child)).value_or(0);
    CHECK(::write(gate[1], "g", 1) == 1);
    ::close(gate[1]);

    SwitchCounter counter;
    std::vector<KernelRecord> batch;
    std::vector<pollfd> polls;
    for (const int fd : (*observer)->poll_fds()) polls.push_back({fd, POLLIN, 0});
    const auto drain = [&] {
        batch.clear();
        (*observer)->drain(batch);
        for (KernelRecord& record : batch) {
            counter.add(record);
            result.records.push_back(std::move(record));
        }
    };
    rusage usage{};
    for (bool ended = false; !ended;) {
        ::poll(polls.data(), polls.size(), 1);
        std::this_thread::sleep_for(reader_away);
        drain();
        ended = ::wait4(child, &result.wait_status, WNOHANG, &usage) == child;
    }
    drain();
    drain();
    result.counts = counter.counts();
    result.switches = reconcile(result.counts, static_cast<std::uint64_t>(usage.ru_nvcsw + usage.ru_nivcsw - base));
    return result;
}

Observed observe_program(const std::vector<std::string>& command, const ObserverOptions& options) {
    return observe(
        [&] {
            std::vector<char*> arguments;
            for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
            arguments.push_back(nullptr);
            ::execv(arguments[0], arguments.data());
            return 127;
        },
        options);
}

}  // namespace heddle::kernel
