// Observatory: where events become pictures. Owned by the session's thread: it hands in the log as it grows and takes out
// snapshots at any playhead. Keeps checkpoints (copies of the World that share what did not change), so that any instant is
// reached by folding a few thousand events. Never blocks, touches no process, reads files only through the given functions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/program.h"
#include "core/model/snapshot.h"
#include "core/model/timeline_builder.h"
#include "core/model/world.h"
#include "core/trace/event_log.h"

namespace heddle::model {

struct ObservatoryOptions {
    RunInfo run;
    Programs::Loader load_image;           // by path of an executable; null: no symbols
    Program::IsUserSource is_user_source;  // empty: as the debug information says
    std::function<std::optional<std::string>(const std::string& path)> read_source;
    std::vector<std::string> sources;         // paths of the user's files; the code view shows the first where no thread stands
    std::size_t checkpoint_interval = 16384;  // weighted events between checkpoints, doubled when memory gets scarce
};

// Where the player stands; copied into the snapshot.
struct Transport {
    std::uint64_t playhead = 0;
    bool following = true, playing = false;
    double speed = 1.0;
    // The event that is told of and whose effect is lit; nullopt: the last one before the playhead.
    std::optional<std::uint64_t> focus = {};
};

class Observatory {
public:
    explicit Observatory(ObservatoryOptions options);
    ~Observatory();

    // Folds what is new. first_changed: as EventLog::insert returned it (the smallest since the last call).
    void append(trace::EventLogView log, std::uint64_t first_changed);

    // Everything to be seen at transport.playhead (clamped to the log). The session may still fill in what only it knows:
    // status, failure, findings, claims, unavailable, switches.kernel.
    std::shared_ptr<Snapshot> snapshot(const Transport& transport);

    // The playhead after the next (before the previous) event worth showing; the same one when there is none.
    std::uint64_t next_step(std::uint64_t playhead);
    std::uint64_t previous_step(std::uint64_t playhead);
    bool is_step(std::uint64_t event) const;  // that event is worth a stop of its own

    const World& at(std::uint64_t playhead);  // valid until the next call of any function
    const World& live() const { return head_; }
    const trace::EventLogView& log() const { return log_; }
    const Programs& programs() const { return programs_; }
    const RunInfo& run() const { return options_.run; }
    const std::vector<std::uint64_t>& output_events() const { return outputs_; }  // indices, ascending
    std::shared_ptr<const TimelineView> timeline() { return timeline_.view(); }

    struct Memory {
        std::size_t checkpoints = 0;
        std::uint64_t checkpoint_bytes = 0, timeline_bytes = 0;  // upper bounds
    };
    Memory memory() const;

private:
    struct Checkpoint {
        World world;
        std::uint64_t copied_bytes = 0;  // kept alive for this one alone, at most
    };
    void fold(World& world, std::uint64_t until, WorldSink* sink) const;
    void learn_program(const trace::PackedEvent& event);  // the last one folded
    void keep_checkpoint();
    void thin_checkpoints();
    std::shared_ptr<const SourceFile> source(const std::string& path);

    ObservatoryOptions options_;
    Programs programs_;
    trace::EventLogView log_;
    World head_;                                       // all of the log folded
    World cursor_;                                     // where the last snapshot stood
    std::map<std::uint64_t, Checkpoint> checkpoints_;  // by events folded
    std::uint64_t interval_ = 0, weight_ = 0, copied_before_ = 0;
    TimelineBuilder timeline_;
    std::vector<std::uint64_t> outputs_;  // indices of output events
    std::map<std::string, std::shared_ptr<const SourceFile>> sources_;
    friend class SnapshotMaker;
};

}  // namespace heddle::model
