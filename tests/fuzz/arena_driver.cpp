// The arena, into which the observed program may write anything at any time. An input is a list of turns: each overwrites one
// slot and its ring, then lets the reader drain.
#include "core/trace/ring_reader.h"
#include "tests/fuzz/driver.h"

namespace heddle::fuzz {
namespace {

using namespace heddle::trace;

constexpr std::uint32_t kSlots = 4;
constexpr std::uint64_t kCapacity = 16;

// How a turn goes: at liberty, or so plausible that its records are looked at.
enum Flags : std::uint8_t { kPlausibleSlot = 1, kPlausibleTicks = 2, kDies = 4, kScribblesOnHeader = 8 };

struct Turn {
    std::uint8_t slot = 0, flags = 0, published = 0;
    std::uint32_t state = 1, generation = 1;
    std::int32_t pid = 100, tid = 100;
    std::uint64_t head = 0, pending = 0, dropped = 0, tail = 0;
    Record records[kCapacity] = {};
};

void play(Turn& turn, Arena& arena, std::uint64_t tick) {
    ThreadSlot& slot = arena.slot(turn.slot % kSlots);
    slot.state = turn.flags & kPlausibleSlot ? 1 + turn.state % 2 : turn.state;
    slot.generation = turn.generation, slot.pid = turn.pid, slot.tid = turn.tid;
    slot.pending = turn.flags & kPlausibleSlot ? turn.pending % 2 : turn.pending;
    slot.dropped = turn.flags & kPlausibleSlot ? slot.dropped + turn.dropped % 4 : turn.dropped;
    if (!(turn.flags & kPlausibleSlot)) slot.tail = turn.tail;
    slot.head = turn.flags & kPlausibleSlot ? slot.tail + turn.published % (kCapacity + 1) : turn.head;
    for (std::uint64_t i = 0; i < kCapacity; ++i) {
        Record& record = turn.records[i];
        if (turn.flags & kPlausibleTicks && record.kind() != Kind::kPayload) record.tick = tick + i;
        const_cast<Record*>(arena.ring(turn.slot % kSlots))[i] = record;
    }
    if (!(turn.flags & kScribblesOnHeader)) return;
    ArenaHeader& header = arena.header();
    header.slot_count = turn.generation, header.ring_capacity = turn.head, header.rings_offset = turn.dropped;
    header.slots_used = turn.state, header.live_processes = turn.pid, header.threads_without_slot = turn.pending;
}

void append(std::string& bytes, const Turn& turn) {
    bytes.append({static_cast<char>(turn.slot), static_cast<char>(turn.flags), static_cast<char>(turn.published)});
    const auto number = [&](const auto& value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); };
    number(turn.state), number(turn.generation), number(turn.pid), number(turn.tid);
    number(turn.head), number(turn.pending), number(turn.dropped), number(turn.tail), number(turn.records);
}

Turn take_turn(Input& input) {
    Turn turn;
    turn.slot = input.take<std::uint8_t>(), turn.flags = input.take<std::uint8_t>(),
    turn.published = input.take<std::uint8_t>();
    const auto number = [&](auto& value) { input.take_into(&value, sizeof value); };
    number(turn.state), number(turn.generation), number(turn.pid), number(turn.tid);
    number(turn.head), number(turn.pending), number(turn.dropped), number(turn.tail), number(turn.records);
    return turn;
}

}  // namespace

const int kMutations = 20000;

std::vector<std::string> seeds() {
    // Two threads that do one thing of each kind, a payload among them; then one of them ends and its process dies.
    std::string bytes;
    for (std::uint8_t turn_number = 0; turn_number < 4; ++turn_number) {
        Turn turn;
        turn.slot = turn_number % 2, turn.flags = kPlausibleSlot | kPlausibleTicks, turn.published = kCapacity;
        turn.tid = 100 + turn.slot;
        for (std::uint64_t i = 0; i < kCapacity; ++i) {
            const auto kind = static_cast<Kind>(1 + (i + turn_number * kCapacity) % static_cast<std::uint64_t>(Kind::kPayload));
            turn.records[i] = {0, 0x5000 + i, i == 8 ? 24 : i, make_tail(i == 9 ? Kind::kPayload : kind, 2, 0x401000)};
        }
        if (turn_number == 2) turn.records[8].tail = make_tail(Kind::kThreadName, 0, 0);
        if (turn_number == 3) turn.state = 1, turn.flags |= kDies;
        append(bytes, turn);
    }
    return {bytes};
}

}  // namespace heddle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace heddle::fuzz;
    auto arena = Arena::create({kSlots, kCapacity, 8, heddle::TickSource::kMonotonic}).value();
    EventLog log;
    RingReader reader(arena, log);
    Input input(bytes, size);
    heddle::TickConverter::Anchor now = arena.start();
    for (int turns = 0; turns < 32 && !input.over(); ++turns) {
        Turn turn = take_turn(input);
        play(turn, arena, now.tick + 1);
        now = {now.tick + 1000, now.nanoseconds + 1000};
        std::vector<heddle::trace::PackedEvent> events;
        reader.drain(events, now);
        if (turn.flags & kDies) reader.release_dead(heddle::ProcessId(turn.pid), events, now);
        log.insert(std::move(events));
    }
    const EventLogView view = log.view();
    for (std::uint64_t i = 0; i < view.size(); ++i) {
        if (view.packed(i).thread >= view.threads().size()) __builtin_trap();
        if (i > 0 && view.packed(i).nanoseconds < view.packed(i - 1).nanoseconds) __builtin_trap();
    }
    return 0;
}
