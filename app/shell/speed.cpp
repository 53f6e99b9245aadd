#include "app/shell/speed.h"

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
    constexpr double kLongest = 40;  // seconds
    constexpr std::uint64_t kFewEvents = 50;
    if (ended && events <= kFewEvents) return 0;
    const double seconds = std::chrono::duration<double>(duration).count();
    for (std::size_t i = 1; i < kSpeeds.size(); ++i)
        if (seconds / kSpeeds[i].speed <= kLongest) return kSpeeds[i].speed;
    return 1;
}

}  // namespace heddle::shell
