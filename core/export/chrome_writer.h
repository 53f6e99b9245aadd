// ChromeWriter: the events of the Trace Event Format, one method per phase. Writes as it goes. Belongs to one thread.
// Tracks are (pid, tid) pairs; slices on one track nest: the innermost ends first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/atomic_file.h"
#include "core/base/clock.h"

namespace heddle::exporter {

struct Track {
    std::int64_t pid = 0, tid = 0;
};

// The "args" of an event: a JSON object under construction.
class Arguments {
public:
    Arguments& text(std::string_view name, std::string_view value);
    Arguments& number(std::string_view name, std::int64_t value);
    Arguments& hex(std::string_view name, std::uint64_t value);  // a string: JSON numbers lose the low bits
    const std::string& body() const { return body_; }

private:
    void begin(std::string_view name);
    std::string body_;
};

class ChromeWriter {
public:
    ChromeWriter(AtomicFile file, Nanoseconds start) : file_(std::move(file)), start_(start) {}

    Result<> open(const Arguments& other_data);
    Result<> process_name(std::int64_t pid, std::string_view name, int order);
    Result<> thread_name(Track track, std::string_view name, int order);
    Result<> begin(Track track, Nanoseconds time, std::string_view category, std::string_view name, const Arguments& args);
    Result<> end(Track track, Nanoseconds time, const Arguments& args = {});
    Result<> instant(Track track, Nanoseconds time, std::string_view category, std::string_view name, const Arguments& args);
    Result<> counter(std::int64_t pid, Nanoseconds time, std::string_view name, const Arguments& series);
    // An arrow from the slice around (from, at) to the one that begins at (to, then).
    Result<> flow(std::string_view name, Track from, Nanoseconds at, Track to, Nanoseconds then);
    Result<> close();

private:
    void event(std::string_view phase, Track track);
    void field(std::string_view name, std::string_view value);
    void time_field(Nanoseconds time);
    Result<> put(const Arguments& args);
    Result<> put();

    AtomicFile file_;
    Nanoseconds start_;
    std::string line_;
    std::uint64_t flows_ = 0;
    bool first_ = true;
};

}  // namespace heddle::exporter
