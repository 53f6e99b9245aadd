// How fast a run is played: the choices a person has, and the one that suits a run of a given length. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/clock.h"

namespace heddle::shell {

struct SpeedChoice {
    double speed;          // of real time; 0: event by event
    std::string_view key;  // of its text
    std::string_view id;
};
inline constexpr std::array<SpeedChoice, 5> kSpeeds = {{{0, "speed.events", "events"},
                                                        {0.001, "speed.thousand", "thousand"},
                                                        {0.01, "speed.hundred", "hundred"},
                                                        {0.1, "speed.ten", "ten"},
                                                        {1, "speed.real", "real"}}};

int speed_index(double speed);  // of the nearest choice

// The speed at which so long a run takes nearest to half a minute; event by event when it has only a few events.
double fitting_speed(Nanoseconds duration, std::uint64_t events, bool ended);

}  // namespace heddle::shell
