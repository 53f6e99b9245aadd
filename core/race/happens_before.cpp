#include "core/race/happens_before.h"

#include <utility>

namespace heddle::race {

using trace::Kind;

namespace {

trace::CallId call_id(const trace::PackedEvent& event) {
    return event.detail() < static_cast<std::uint8_t>(trace::CallId::kCount) ? static_cast<trace::CallId>(event.detail())
                                                                             : trace::CallId::kNone;
}

}  // namespace

HappensBefore::HappensBefore(OrderOptions options) : options_(std::move(options)) {}

void HappensBefore::add_ordering(const trace::PackedEvent& event, std::span<const trace::ThreadInfo> threads) {
    const Kind kind = event.kind();
    now_ = event.nanoseconds;
    if (kind == Kind::kLost) {
        if (event.detail() != static_cast<std::uint8_t>(trace::LostWhere::kKernelRing)) lost();
        return;
    }
    if (!table_.see(event, threads)) return;
    const std::uint32_t thread = event.thread;
    if (clocks_.size() <= thread) clocks_.resize(thread + std::size_t{1});
    if (at(thread).now.of(thread) == 0) at(thread).now.tick(thread);
    if (kind < Kind::kFirstKernelKind) ++at(thread).hooks;
    if (kind >= Kind::kAtomicLoad && kind <= Kind::kAtomicCompareFailed) {
        if (options_.edges == Edges::kAll) atomic(thread, event);
        return;
    }
    switch (kind) {
        case Kind::kFence:
            if (options_.edges == Edges::kAll)
                fence(thread, static_cast<trace::MemoryOrder>(trace::order_of_detail(event.detail())));
            break;
        case Kind::kCallBegin:
            call_begin(thread, call_id(event), event.address, event.value);
            break;
        case Kind::kCallEnd:
            call_end(thread, call_id(event), event.address, static_cast<std::int64_t>(event.value));
            break;
        case Kind::kThreadStart:
            thread_start(thread, event);
            break;
        case Kind::kThreadEnd:
            table_.thread(thread).ended = true;
            break;
        case Kind::kProcessStart:
            process_start(thread, event);
            break;
        case Kind::kFork:
            kernel_fork(thread, event);
            break;
        case Kind::kProcessReaped:
            table_.end_process(table_.process_of(thread).pid);
            break;
        default:  // every other kind orders nothing
            break;
    }
}

Place HappensBefore::place(trace::ThreadIndex thread, std::uint64_t address) const {
    const ProcessRow& process = table_.process_of(thread.value);
    if (options_.shared)
        if (const auto common = options_.shared(process.pid, address)) return {kSharedSpace, *common};
    return {process.space, address};
}

VectorClock& HappensBefore::publish(std::uint32_t thread, VectorClock& into) {
    into.join(at(thread).now);
    at(thread).now.tick(thread);
    return into;
}

ClockRef HappensBefore::publish(std::uint32_t thread) {
    auto past = std::make_shared<const VectorClock>(at(thread).now);
    at(thread).now.tick(thread);
    return past;
}

ClockRef HappensBefore::everything(std::span<const std::uint32_t> threads) {
    auto all = std::make_shared<VectorClock>();
    for (const std::uint32_t thread : threads) publish(thread, *all);
    return all;
}

HappensBefore::Object* HappensBefore::object(std::uint32_t thread, std::uint64_t address) {
    const Place where = place(trace::ThreadIndex{thread}, address);
    const auto found = objects_.find(where);
    if (found != objects_.end()) return &found->second;
    if (objects_.size() + atomics_.size() >= options_.most_objects) {
        full_ = true;
        return nullptr;
    }
    return &objects_[where];
}

void HappensBefore::forget(const Place& first, std::uint64_t bytes) {
    const std::uint64_t last = bytes > ~first.address ? ~std::uint64_t{0} : first.address + bytes;
    const Place end{first.space, last};
    objects_.erase(objects_.lower_bound(first), objects_.lower_bound(end));
    atomics_.erase(atomics_.lower_bound(first), atomics_.lower_bound(end));
}

void HappensBefore::message_sent(trace::ThreadIndex sender, std::uint64_t object) {
    if (!knows(sender)) return;
    if (messages_.size() >= options_.most_objects && !messages_.contains(object)) {
        full_ = true;
        return;
    }
    publish(sender.value, messages_[object]);
}

void HappensBefore::message_received(trace::ThreadIndex receiver, std::uint64_t object) {
    if (!knows(receiver)) return;
    const auto found = messages_.find(object);
    if (found != messages_.end()) at(receiver.value).now.join(found->second);
}

void HappensBefore::lost() {
    const std::vector<std::uint32_t> known = table_.everybody();
    const ClockRef all = everything(known);
    for (const std::uint32_t thread : known) at(thread).now.join(*all);
}

}  // namespace heddle::race
