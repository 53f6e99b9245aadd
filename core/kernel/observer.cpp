#include "core/kernel/observer.h"

#include "core/kernel/perf_observer.h"

namespace heddle::kernel {

Result<std::unique_ptr<Observer>> open_observer(ProcessId child, const ObserverOptions& options) {
    return std::unique_ptr<Observer>(TRY(PerfObserver::open(child, options)));
}

}  // namespace heddle::kernel
