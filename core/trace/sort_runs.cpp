#include "core/trace/sort_runs.h"

#include <algorithm>
#include <cstddef>

namespace heddle::trace {

void sort_runs(std::vector<PackedEvent>& events, std::vector<PackedEvent>& other) {
    std::vector<std::size_t> bounds{0};  // run i is [bounds[i], bounds[i + 1])
    for (std::size_t i = 1; i < events.size(); ++i) {
        if (earlier(events[i], events[i - 1])) bounds.push_back(i);
    }
    bounds.push_back(events.size());
    if (bounds.size() <= 2) return;
    other.resize(events.size());
    const auto at = [](auto& v, std::size_t i) { return v.begin() + static_cast<std::ptrdiff_t>(i); };
    while (bounds.size() > 2) {
        std::vector<std::size_t> wider{0};
        for (std::size_t run = 0; run + 1 < bounds.size(); run += 2) {
            const std::size_t begin = bounds[run];
            const std::size_t middle = bounds[run + 1];
            const std::size_t end = run + 2 < bounds.size() ? bounds[run + 2] : middle;
            std::merge(at(events, begin), at(events, middle), at(events, middle), at(events, end), at(other, begin), earlier);
            wider.push_back(end);
        }
        events.swap(other);
        bounds = std::move(wider);
    }
}

}  // namespace heddle::trace
