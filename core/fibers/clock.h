// The clock that the program sees. Time passes by steps, by sleeps and where a wait ends by its time, so that every execution
// of one schedule sees the same.
#pragma once

#include <time.h>

#include "core/fibers/fiber.h"

namespace heddle::fibers {

void time_passes(const timespec& span);
// A wait until this moment is over. Of CLOCK_REALTIME or CLOCK_MONOTONIC: they begin far apart, and the moment tells which.
void time_reaches(const timespec& moment);

// What a function that waits until `moment` comes to where it did not get what it wanted at once.
int timed_out(const timespec* moment);  // ETIMEDOUT

}  // namespace heddle::fibers
