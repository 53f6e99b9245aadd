// Snapshots made by hand, for tests and pictures of the panels: a process that computes and reads a file, a race, a fork.
#pragma once

#include <memory>
#include <string_view>

#include "core/model/snapshot.h"

namespace heddle::test {

// The Korean characters that the samples' source holds, for the fonts of a picture.
inline constexpr std::string_view kSampleText = "두 스레드가 함께 쓰는 변수 한 줄이지만 세 단계";

std::shared_ptr<model::Snapshot> sample_states();  // two threads of one process on one CPU, T1 waits for read(fd 3)
std::shared_ptr<model::Snapshot> sample_race();    // two threads and main on two CPUs, the shared counter just written
std::shared_ptr<model::Snapshot> sample_fork();    // a parent and its child, one page copied
std::shared_ptr<model::Snapshot> sample_crowd();   // 24 threads in 3 processes on 8 CPUs, long names
std::shared_ptr<model::Snapshot> sample_locks();   // four threads at six objects, two of them in a circle
std::shared_ptr<model::Snapshot> sample_empty();   // a run that has not begun
std::shared_ptr<model::Snapshot> sample_exploration();  // of a lost update: four interleavings, two of them wrong
std::shared_ptr<model::Snapshot> sample_turns();        // in Step, in the middle of a lost update: T2 and T3 have read 0
std::shared_ptr<model::Snapshot> sample_signal();       // in Step, before a signal that may wake T2 or T3
std::shared_ptr<model::Snapshot> sample_repaired();     // every interleaving tried, none of them wrong
std::shared_ptr<model::Snapshot> sample_unsupported();  // it does something that Explore does not carry
std::shared_ptr<model::Snapshot> sample_search();       // under way: hundreds of interleavings, long names, no bug so far
// One thread's lane with this many alternating intervals, and a second one waking it.
std::shared_ptr<model::Snapshot> sample_long(std::size_t intervals);

}  // namespace heddle::test
