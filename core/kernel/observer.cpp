#include "core/kernel/observer.h"

#include "core/kernel/perf_event.h"
#include "core/kernel/perf_observer.h"
#include "core/kernel/proc_files.h"
#include "core/kernel/proc_observer.h"

namespace heddle::kernel {

Result<std::unique_ptr<Observer>> open_observer(ProcessId child, const ObserverOptions& options) {
    std::vector<Unavailable> why;
    if (options.perf) {
        auto exact = PerfObserver::open(child, options);
        if (exact) return std::unique_ptr<Observer>(std::move(*exact));
        const Error& error = exact.error();
        if (error.errno_value == ESRCH) return tl::make_unexpected(error);
        why.push_back({"perf-switches", error.message(), perf_remedy(error.errno_value, 2)});
    } else {
        why.push_back({"perf-switches", "switched off", {}});
    }
    return std::unique_ptr<Observer>(TRY(ProcObserver::open(child, options, std::move(why))));
}

}  // namespace heddle::kernel
