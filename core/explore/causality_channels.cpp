// What a call on a pipe or socket, and a close, comes after, and what it could have come before.
#include <algorithm>

#include "core/explore/causality_keys.h"

namespace heddle::explore {
namespace {

// Of one way through a channel.
constexpr std::uint64_t way_key(std::uint64_t way) {
    return key_of(way + 1, kChannelKey);
}
// A pipe has one way only: the key of the other one is that of its end to write to, and who closed it.
constexpr std::uint64_t write_end_key(const Operation& operation) {
    return way_key(operation.second | 1);
}

}  // namespace

// Of each other thread the last step of the role on the channel that the operation could have come before: what let it go on
// in the first place it could not.
void Causality::collect_on_channel(const Operation& operation, Role role, std::uint32_t thread) {
    namespace bits = trace::channel_bits;
    const bool back = (operation.second & 1) != 0;
    const std::uint8_t needed = operation.kind == OperationKind::kReceive ? (back ? bits::kReadableBack : bits::kReadable)
                                : operation.kind == OperationKind::kSend  ? (back ? bits::kWritableBack : bits::kWritable)
                                                                          : std::uint8_t{0};
    const std::size_t before = candidates_.size();
    collect(histories_.of(way_key(operation.second)), bit(role), thread);
    for (std::size_t i = before; i < candidates_.size();) {
        if ((steps_[candidates_[i]].operation.older & needed) == needed) {
            ++i;
        } else {
            candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
}

// Of the candidates from this one on, those are left that the thread could have come before: where it was about to do what it
// does, it was able to; or, by_others, by what others did in the meantime.
void Causality::drop_impossible(std::size_t from, std::uint32_t step, std::uint32_t thread, bool by_others) {
    const auto end = static_cast<std::uint32_t>(step == kNone ? steps_.size() : step);
    const auto may_enable = [&](std::uint32_t other) {
        const OperationKind kind = steps_[other].operation.kind;
        return trace::is_channel_operation(kind) || kind == OperationKind::kExit;
    };
    const auto impossible = [&](std::uint32_t candidate) {
        const bool was_next = latest_[thread] != kNone && latest_[thread] < candidate;
        if (!was_next || (steps_[candidate].enabled >> thread & 1) != 0) return false;
        for (std::uint32_t other = candidate + 1; by_others && other < end; ++other) {
            if (may_enable(other) && !happens_before(candidate, other)) return false;
        }
        return true;
    };
    candidates_.erase(std::remove_if(candidates_.begin() + static_cast<std::ptrdiff_t>(from), candidates_.end(), impossible),
                      candidates_.end());
}

// Closing one end of a pipe. Others can tell only that nobody has that end any more, so that of the closes of an end, of
// whatever processes, the one that comes last in the execution does it, and they have no order among themselves. What found the
// end open is turned around with that last one; with an earlier one that would come to the same, unless the last came before
// it, too. What found the end gone is turned around with each of them: had it come before any, it would have found the end
// open.
void Causality::on_pipe_end(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    const bool reads = (operation.flags & trace::operation_flags::kReadEnd) != 0;
    History& end = histories_.of(reads ? way_key(operation.second) : write_end_key(operation));
    const unsigned told = bit(reads ? kRelease : kShared);
    if (step == kNone || (operation.older & trace::channel_bits::kStillOpen) == 0) {
        collect(end, told, thread);
        join_roles(end, told);
    }
    record(end, kExclusive, step, thread);
}

// What a call on a pipe tells of its other end. A read that waits comes after all closes of the end to write to where it found
// that gone, and could not have come before.
void Causality::tell_of_pipe_end(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    const bool failed = (operation.flags & trace::operation_flags::kFailed) != 0;
    if (operation.kind == OperationKind::kSend) {
        if (step != kNone && !failed) return;
        History& end = histories_.of(way_key(operation.second));
        collect(end, bit(kExclusive), thread);
        return join_roles(end, bit(kExclusive));
    }
    const bool waits = (operation.flags & trace::operation_flags::kDoesNotWait) == 0, got = operation.value > 0 && !failed;
    if (got || (step == kNone && waits)) return;
    History& end = histories_.of(write_end_key(operation));
    const bool gone = step == kNone || !failed;
    if (gone && !waits) collect(end, bit(kExclusive), thread);
    if (gone) join_roles(end, bit(kExclusive));
    if (!waits) record(end, kShared, step, thread);
}

void Causality::on_channel(const Operation& operation, std::uint32_t step, std::uint32_t thread) {
    using K = OperationKind;
    const bool closes = operation.kind == K::kClose, closes_end = trace::closes_pipe_end(operation);
    if (closes || operation.kind == K::kMakeChannel) {
        History& numbers = histories_.of(key_of(operation.value << 24, kChannelKey));
        collect(numbers, bit(kExclusive), thread);
        join_roles(numbers, bit(kExclusive));
        record(numbers, kExclusive, step, thread);
        if (!closes) return;
    }
    const std::size_t before = candidates_.size();
    // A call on several, or on one that is not known, against all; and what a process has open is closed with its end
    // (kRelease), which is nothing to one that closes an end of a pipe (kTry).
    const bool any = trace::is_on_any_channel(operation);
    const unsigned against = bit(kExclusive) | (closes_end ? 0U : bit(kRelease)) | (any ? bit(kShared) | bit(kTry) : 0U);
    History& all = histories_.of(kAllChannels);
    collect(all, against, thread);
    join_roles(all, against);
    record(all, any ? kExclusive : closes_end ? kTry : kShared, step, thread);
    if (any) return drop_impossible(before, step, thread, true);
    if (closes_end) return on_pipe_end(operation, step, thread);
    const Role role = operation.kind == K::kReceive ? kShared : operation.kind == K::kSend ? kRelease : kTry;
    // A close ends both ways.
    for (std::uint64_t way = closes ? operation.second & ~std::uint64_t{1} : operation.second;
         way <= (closes ? operation.second | 1 : operation.second); ++way) {
        Operation this_way = operation;
        this_way.second = way;
        for (const Role each : {kShared, kRelease, kTry}) collect_on_channel(this_way, each, thread);
        History& channel = histories_.of(way_key(way));
        join_roles(channel, bit(kShared) | bit(kRelease) | bit(kTry));
        record(channel, role, step, thread);
    }
    const bool on_pipe = operation.bytes == static_cast<std::uint8_t>(trace::ChannelKind::kPipe);
    if (on_pipe && !closes) tell_of_pipe_end(operation, step, thread);
    if (!closes) drop_impossible(before, step, thread, false);
}

}  // namespace heddle::explore
