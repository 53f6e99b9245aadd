#include "app/shell/speed.h"

#include <algorithm>
#include <cmath>

namespace heddle::shell {

int speed_index(double speed) {
    if (speed <= 0) return 0;
    int best = 1;
    for (int i = 1; i < static_cast<int>(kSpeeds.size()); ++i) {
        const auto distance = [&](int at) { return std::abs(std::log10(speed / kSpeeds[static_cast<std::size_t>(at)].speed)); };
        if (distance(i) < distance(best)) best = i;
    }
    return best;
}

double fitting_speed(Nanoseconds duration, std::uint64_t events, bool ended) {
    constexpr double kWanted = 28;  // seconds
    constexpr std::uint64_t kFewEvents = 50;
    if (ended && events <= kFewEvents) return 0;
    const double seconds = std::max(1e-6, std::chrono::duration<double>(duration).count());
    std::size_t best = 1;
    for (std::size_t i = 1; i < kSpeeds.size(); ++i) {
        const auto distance = [&](std::size_t at) { return std::abs(std::log(seconds / kSpeeds[at].speed / kWanted)); };
        if (distance(i) < distance(best)) best = i;
    }
    return kSpeeds[best].speed;
}

}  // namespace heddle::shell
