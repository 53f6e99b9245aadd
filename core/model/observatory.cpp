#include "core/model/observatory.h"

#include <algorithm>

#include "core/model/snapshot_maker.h"
#include "core/model/steps.h"

namespace heddle::model {
namespace {

constexpr std::size_t kMostCheckpoints = 512;
constexpr std::uint64_t kCheckpointBytesPerEvent = 6;
constexpr std::uint64_t kCheckpointBytesFree = std::uint64_t{32} << 20;

// Events that cost more than others to fold again.
std::uint64_t weight_of(trace::Kind kind) {
    return kind == trace::Kind::kProcessSample ? 256 : 1;
}

bool has_blob(trace::Kind kind) {
    return kind == trace::Kind::kThreadName || kind == trace::Kind::kFrameBytes || kind == trace::Kind::kName ||
           kind == trace::Kind::kRegisters || kind == trace::Kind::kProcessSample || kind == trace::Kind::kOutput ||
           kind == trace::Kind::kNote;
}

}  // namespace

SourceFile make_source_file(std::string path, std::string text) {
    SourceFile file{std::move(path), std::move(text), {}};
    for (std::size_t start = 0; start < file.text.size();) {
        const std::size_t end = std::min(file.text.find('\n', start), file.text.size());
        file.lines.push_back(file.text.substr(start, end - start));
        start = end + 1;
    }
    return file;
}

Observatory::Observatory(ObservatoryOptions options)
    : options_(std::move(options)),
      programs_(options_.load_image, options_.is_user_source, options_.run.program),
      interval_(options_.checkpoint_interval) {}

Observatory::~Observatory() = default;

void Observatory::fold(World& world, std::uint64_t until, WorldSink* sink) const {
    while (world.events() < until) {
        const std::uint64_t first = world.events();
        const auto chunk = log_.chunk_from(first);
        const std::uint64_t count = std::min<std::uint64_t>(chunk.size(), until - first);
        for (std::uint64_t i = 0; i < count; ++i) {
            const trace::PackedEvent& event = chunk[i];
            world.apply(event, has_blob(event.kind()) ? log_.blob(event.extra) : std::string_view{}, log_.threads(), first + i,
                        sink);
        }
    }
}

void Observatory::append(trace::EventLogView log, std::uint64_t first_changed) {
    log_ = std::move(log);
    if (first_changed < head_.events()) {  // late events: back to the last checkpoint that is still true
        checkpoints_.erase(checkpoints_.upper_bound(first_changed), checkpoints_.end());
        head_ = checkpoints_.empty() ? World() : std::prev(checkpoints_.end())->second.world;
        timeline_.truncate(head_.events());
        outputs_.erase(std::lower_bound(outputs_.begin(), outputs_.end(), head_.events()), outputs_.end());
        weight_ = 0;
        copied_before_ = head_.copied_bytes();
    }
    if (first_changed < cursor_.events()) cursor_ = World();
    while (head_.events() < log_.size()) {
        const std::uint64_t first = head_.events();
        const auto chunk = log_.chunk_from(first);
        for (std::uint64_t i = 0; i < chunk.size() && first + i < log_.size(); ++i) {
            const trace::PackedEvent& event = chunk[i];
            const trace::Kind kind = event.kind();
            if (weight_ >= interval_) keep_checkpoint();
            weight_ += weight_of(kind);
            head_.apply(event, has_blob(kind) ? log_.blob(event.extra) : std::string_view{}, log_.threads(), first + i,
                        &timeline_);
            if (kind == trace::Kind::kOutput) outputs_.push_back(first + i);
            learn_program(event);
        }
    }
    timeline_.set_range(head_.start(), head_.time());
}

// Where a program lies is seen in /proc. The run's first one, which may be gone by then, has said it itself as well.
void Observatory::learn_program(const trace::PackedEvent& event) {
    const trace::Kind kind = event.kind();
    if (kind != trace::Kind::kProcessSample && kind != trace::Kind::kProcessStart) return;
    const Number thread = head_.number_of(trace::ThreadIndex{event.thread});
    if (thread == kNobody) return;
    const ProcessWorld& process = head_.process(head_.thread(thread).process);
    if (kind == trace::Kind::kProcessSample) {
        programs_.learn(process);
    } else if (event.detail() == static_cast<std::uint8_t>(trace::StartKind::kFirst)) {
        programs_.learn_first(process.program, event.address);
    }
}

void Observatory::keep_checkpoint() {
    weight_ = 0;
    const std::uint64_t copied = head_.copied_bytes();
    const std::uint64_t more = copied > copied_before_ ? copied - copied_before_ : 0;
    copied_before_ = copied;
    checkpoints_.emplace(head_.events(), Checkpoint{head_, more + head_.own_bytes()});
    std::uint64_t total = 0;
    for (const auto& [events, checkpoint] : checkpoints_) total += checkpoint.copied_bytes;
    if (checkpoints_.size() > kMostCheckpoints || total > kCheckpointBytesFree + kCheckpointBytesPerEvent * head_.events())
        thin_checkpoints();
}

// Every other one goes, and from now on they are made half as often.
void Observatory::thin_checkpoints() {
    bool drop = true;
    for (auto at = checkpoints_.begin(); at != checkpoints_.end(); drop = !drop)
        at = drop ? checkpoints_.erase(at) : std::next(at);
    interval_ *= 2;
}

const World& Observatory::at(std::uint64_t playhead) {
    playhead = std::min(playhead, log_.size());
    if (playhead == head_.events()) return head_;
    const auto after = checkpoints_.upper_bound(playhead);
    const World* nearest = after == checkpoints_.begin() ? nullptr : &std::prev(after)->second.world;
    const std::uint64_t reach = nearest ? nearest->events() : 0;
    if (cursor_.events() > playhead || cursor_.events() < reach) cursor_ = nearest ? *nearest : World();
    fold(cursor_, playhead, nullptr);
    return cursor_;
}

std::shared_ptr<Snapshot> Observatory::snapshot(const Transport& transport) {
    const std::uint64_t playhead = std::min(transport.playhead, log_.size());
    // The instant before the event that is told of tells what it changed.
    const World before = at(playhead == 0 ? 0 : std::min(transport.focus.value_or(playhead - 1), playhead - 1));
    const World now = at(playhead);
    return SnapshotMaker(*this, before, now, transport).make();
}

bool Observatory::is_step(std::uint64_t event) const {
    return event < log_.size() && is_worth_showing(log_.packed(event), head_, programs_);
}

std::uint64_t Observatory::next_step(std::uint64_t playhead) {
    for (std::uint64_t event = playhead; event < log_.size(); ++event)
        if (is_step(event)) return event + 1;
    return playhead;
}

std::uint64_t Observatory::previous_step(std::uint64_t playhead) {
    for (std::uint64_t event = std::min(playhead, log_.size()); event-- > 1;)
        if (is_step(event - 1)) return event;
    return 0;
}

std::shared_ptr<const SourceFile> Observatory::source(const std::string& path) {
    if (const auto known = sources_.find(path); known != sources_.end()) return known->second;
    std::shared_ptr<SourceFile> file;
    if (options_.read_source) {
        if (auto text = options_.read_source(path))
            file = std::make_shared<SourceFile>(make_source_file(path, std::move(*text)));
    }
    return sources_.emplace(path, std::move(file)).first->second;
}

Observatory::Memory Observatory::memory() const {
    Memory memory{checkpoints_.size(), 0, timeline_.bytes()};
    for (const auto& [events, checkpoint] : checkpoints_) memory.checkpoint_bytes += checkpoint.copied_bytes;
    return memory;
}

}  // namespace heddle::model
