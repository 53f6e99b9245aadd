// What a learner may ask of a run while looking at it. Panels queue these; the session's thread applies them. Never blocks.
#pragma once

#include <cstdint>
#include <variant>

#include "core/base/clock.h"

namespace heddle::model {

// Run: nothing holds the threads. Step: one moves at a time, chosen by the learner. Explore: every interleaving that matters.
enum class Mode : std::uint8_t { kRun, kStep, kExplore };
// Who moves when the learner does not say.
enum class StepPolicy : std::uint8_t { kRunOn, kTurns, kRandom, kPriorities };
enum class Granularity : std::uint8_t { kAccess, kLine };

struct SeekEvent { std::uint64_t playhead; };  // clamped to the log
struct SeekTime { Nanoseconds time; };
struct StepForward {};  // to the next event worth showing (Observatory::is_step)
struct StepBack {};
struct GoToStart {};
struct GoToLive {};     // follow the live edge
struct Play {};         // from the playhead, or from the start when it stands at the end of an ended run
struct Pause {};
struct SetSpeed { double speed; };  // of real time: 1, 0.1, 0.01, 0.001; 0: event by event
struct StopRun {};      // ends the lab

// Where the threads take turns (Step). StepForward makes a step by the policy where the playhead stands at the latest one.
// By its number on screen; from a past step on the run goes another way. choice: which of those that wait a signal wakes, the
// longest waiting is 0.
struct StepThread { std::int32_t thread; std::uint32_t choice = 0; };
struct SetPolicy { StepPolicy policy; };
struct SetGranularity { Granularity granularity; };
struct SetSpurious { bool on; };  // a thread may end its wait on a condition variable without a signal, where the learner says so

using PlaybackCommand = std::variant<SeekEvent, SeekTime, StepForward, StepBack, GoToStart, GoToLive, Play, Pause, SetSpeed, StopRun,
                                     StepThread, SetPolicy, SetGranularity, SetSpurious>;

}  // namespace heddle::model
