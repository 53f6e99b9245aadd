#include "core/fibers/older_values.h"

#include <string.h>

#include "core/explore/memory_model.h"
#include "core/explore/memory_order.h"
#include "core/fibers/carrier.h"
#include "core/fibers/spin.h"

namespace heddle::fibers {
namespace {

namespace flags = trace::operation_flags;

bool g_weaker = false;  // an order weaker than seq_cst was met; from then on the model is told everything
bool g_again = false;
bool g_left = false;
std::uint32_t g_threads = 4;  // that the model reckons with
std::uint64_t g_older_value = 0;

// What a fiber's loads returned last, by place. A store that is not the latest is returned only so often in a row, and only
// once to a thread that has changed nothing since: every store becomes visible in finite time ([intro.progress]).
constexpr std::uint32_t kMostLooks = 32, kMostTimes = 2;
struct Look {
    std::uint64_t pc, object, stack, progress;
    std::uint32_t store, times;
};
struct Looks {
    Look looks[kMostLooks];
    std::uint32_t count, next;
};
Looks g_looks[trace::kMostFibers];

explore::MemoryModel& model() {
    static auto& found = *new explore::MemoryModel;  // never freed: the process ends with it
    return found;
}

std::uint64_t in_memory(const Operation& access) {
    std::uint64_t value = 0;
    memcpy(&value, reinterpret_cast<const void*>(access.object), access.bytes < 8 ? access.bytes : 8);
    return value;
}

Looks& looks_of(const Fiber& fiber) {
    return g_looks[&fiber - g_fibers];
}

Look* look_at(Looks& looks, const Operation& load) {
    for (std::uint32_t i = 0; i < looks.count; ++i) {
        if (looks.looks[i].pc == load.pc && looks.looks[i].object == load.object) return &looks.looks[i];
    }
    return nullptr;
}

}  // namespace

void begin_older_values() {
    if (g_on_threads) g_weaker = true, g_threads = trace::kMostFibers;  // nothing is carried out again there
    if (!g_weaker) return;
    model().begin(g_threads);
    for (Looks& looks : g_looks) looks.count = looks.next = 0;
}

bool knows_older_values() {
    return g_weaker;
}

bool must_carry_out_again() {
    const bool again = g_again;
    g_again = false;
    return again;
}

void leave_older_values() {
    g_left = true;
    g_weaker = false;
}

void after_step() {
    if (!g_weaker || g_again) return;
    Operation& operation = last_step().operation;
    if (operation.kind == OperationKind::kWrite && !explore::is_atomic(operation)) operation.value = in_memory(operation);
    if (operation.kind == OperationKind::kCreate && operation.object >= g_threads) {
        g_threads = static_cast<std::uint32_t>(operation.object) + 1;
        g_again = true;
        return;
    }
    model().take({g_board->steps, g_board->step_count});
}

void before_step(Operation& operation) {
    const bool is_atomic_access = trace::is_access(operation.kind) && explore::is_atomic(operation);
    if (!g_weaker) {
        if (g_left) return;
        const bool weaker = is_atomic_access && explore::order_of(operation) != explore::kSequential;
        g_weaker = g_again = weaker;
        return;
    }
    if (!is_atomic_access || g_again) return;
    model().meet(operation, in_memory(operation));
    if (operation.kind == OperationKind::kRead && trace::is_sequential(operation) &&
        model().has_weak_stores(operation.object)) {
        operation.flags |= flags::kSettles;
    }
}

namespace {

explore::MemoryModel::Readable readable(const Fiber& fiber) {
    const Operation& load = fiber.pending;
    if (!g_weaker || g_again || load.kind != OperationKind::kRead || !explore::is_atomic(load)) return {};
    auto readable = model().readable(static_cast<std::uint32_t>(&fiber - g_fibers), load);
    if (readable.choices() == 1) return readable;
    const Look* const look = look_at(looks_of(fiber), load);
    if (look == nullptr || look->store != readable.first) return readable;
    const bool same = look->progress == fiber.progress && look->stack == own_stack_digest(fiber);
    if (same || look->times >= kMostTimes) ++readable.first;
    return readable;
}

}  // namespace

std::uint32_t choices_of_load(const Fiber& fiber) {
    return readable(fiber).choices();
}

void note_choice(Fiber& fiber, std::uint32_t choice) {
    Operation& load = fiber.pending;
    if (!g_weaker || g_again || load.kind != OperationKind::kRead || !explore::is_atomic(load)) return;
    const auto choices = readable(fiber);
    const std::uint32_t store = choices.store(choice), older = choices.latest - store;
    if (older > 255) unsupported(ending_text::kOldStore.words, load.pc);
    load.older = static_cast<std::uint8_t>(older);
    g_older_value = model().value(load.object, store);
    Looks& looks = looks_of(fiber);
    Look* look = look_at(looks, load);
    if (look == nullptr) {
        look = &looks.looks[looks.next++ % kMostLooks];
        if (looks.count < kMostLooks) ++looks.count;
        *look = {load.pc, load.object, 0, 0, UINT32_MAX, 0};
    }
    look->times = look->store == store ? look->times + 1 : 1;
    look->store = store;
    look->progress = fiber.progress;
    look->stack = own_stack_digest(fiber);
}

std::uint64_t older_value() {
    return g_older_value;
}

}  // namespace heddle::fibers
