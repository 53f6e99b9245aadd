// Observer: watches the threads of one lab from the birth of its first one, and hands over what the kernel said about them.
// open_observer picks the best source this machine allows: perf's switch records, else sampling /proc. Opened while the
// child still waits before its exec, so that nothing of it is missed; used from one thread at a time (the session's).
// Never blocks, never stops or changes the lab.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/unavailable.h"
#include "core/kernel/kernel_record.h"

namespace heddle::kernel {

struct ObserverOptions {
    bool perf = true;        // false: as if the kernel allowed no perf event at all
    bool privileged = true;  // false: as if nothing were allowed beyond what any user may
    // User registers at each switch; needs privilege. They pause by themselves, and come back after 200 ms of calm, while
    // there are more than about 50,000 switches a second or a ring is half full: a burst costs registers, not switches.
    bool registers = true;
    bool wake_ups = true;  // the instant a thread becomes ready, and who woke it; needs privilege
    // Of all CPUs' rings together; each is a power of two from 32 KiB to 8 MiB. Halved until the kernel allows it
    // (perf_event_mlock_kb, RLIMIT_MEMLOCK): any user gets 512 KiB for each CPU, 16,000 switches.
    std::size_t rings_bytes = 64 << 20;
    Nanoseconds sample_period = std::chrono::milliseconds(1);  // of the fallback
};

class Observer {
public:
    virtual ~Observer() = default;

    // Appends what is new, ascending by time within and across calls but for what a CPU publishes late (a few µs).
    virtual void drain(std::vector<KernelRecord>& out) = 0;

    // Switches the registers and wake-ups on or off while the lab runs; nothing where they are not available.
    virtual void set_extras(bool on) = 0;

    // For epoll: readable when it is worth draining early, before the session's own 1–2 ms beat. A perf ring is readable when
    // 128 KiB wait in it, which an idle lab never makes it; the sampler's timer is readable each period. Add them
    // edge-triggered (EPOLLET): a perf descriptor hangs up for good once all it observes has ended.
    virtual std::vector<int> poll_fds() const = 0;

    virtual std::string_view source() const = 0;  // "kernel switch records", "sampled every 1 ms"
    virtual bool exact() const = 0;               // every switch is reported
    virtual bool has_registers() const = 0;
    virtual bool has_wake_ups() const = 0;
    virtual const std::vector<Unavailable>& unavailable() const = 0;
};

// child: a process with one thread, alive, not yet executing what is to be observed. Fails only when the child is gone.
Result<std::unique_ptr<Observer>> open_observer(ProcessId child, const ObserverOptions& options = {});

}  // namespace heddle::kernel
