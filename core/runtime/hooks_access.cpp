// The sanitizer ABI's plain accesses, as GCC and Clang call them before each load and store. Two or three instructions for a
// local that no other thread has reached; else one record. A read's value is loaded here, just before the program loads it;
// a write's is loaded at this thread's next hook, once the store has landed.
#include "core/runtime/emit.h"
#include "core/runtime/gate.h"
#include "core/runtime/hooked_block.h"
#include "core/runtime/stack_map.h"

namespace heddle::runtime {
namespace {

using trace::Kind;

// Nobody else can see this word.
HEDDLE_HOT bool is_private(const ThreadState& thread, std::uintptr_t address) {
    return on_own_stack(thread, address) && !is_reached(thread, address);
}

constexpr Pending pending_load(unsigned log2) {
    return static_cast<Pending>(log2 + 1);
}

// At the gate first, where there is one. False: nothing to record.
template <typename Question>
HEDDLE_HOT bool enter(ThreadState& thread, std::uintptr_t address, std::uintptr_t bytes, std::uintptr_t pc, Question question) {
    if (gate::holds(thread)) {
        gate::ask(thread, pc, question);
        if (is_private(thread, address)) return false;
    }
    if (!on_own_stack(thread, address)) note_foreign(address, bytes);
    return true;
}

template <unsigned kLog2, std::uint8_t kFlags>
[[gnu::noinline]] void record_read(const void* pointer, std::uintptr_t pc) {
    ThreadState& thread = self();
    const std::uintptr_t address = address_of(pointer);
    if (!enter(thread, address, std::uintptr_t{1} << kLog2, pc, [&] { gate::g_hooks.read[kLog2](pointer); })) return;
    if (!begin(thread)) return;
    if (has_room(thread)) {
        trace::Record& record = next_record(thread);
        fill(record, Kind::kRead, kLog2 | kFlags, pc, address, 0);
        thread.slot->pending.store(1, std::memory_order_relaxed);
        compiler_barrier();
        record.value = arch::load_may_fault<kLog2>(address);
        if (__builtin_expect((thread.attention & attention::kLoadFaulted) != 0, 0)) {
            // The program's own load is next and faults the same way; the record stays pending for whoever looks.
            thread.attention &= static_cast<std::uint16_t>(~attention::kLoadFaulted);
            thread.pending = pending_load(kLog2);
        } else {
            publish(thread);
            thread.slot->pending.store(0, std::memory_order_relaxed);
        }
    }
    finish(thread);
}

template <unsigned kLog2, std::uint8_t kFlags>
[[gnu::noinline]] void record_write(void* pointer, std::uintptr_t pc) {
    ThreadState& thread = self();
    const std::uintptr_t address = address_of(pointer);
    if (!enter(thread, address, std::uintptr_t{1} << kLog2, pc, [&] { gate::g_hooks.write[kLog2](pointer); })) return;
    if (!begin(thread)) return;
    if (has_room(thread)) {
        fill(next_record(thread), Kind::kWrite, kLog2 | kFlags, pc, address, 0);
        thread.pending = pending_load(kLog2);
        compiler_barrier();
        thread.slot->pending.store(1, std::memory_order_relaxed);
    }
    finish(thread);
}

HEDDLE_HOT bool passes(const void* pointer) {
    const ThreadState& thread = self();
    return __builtin_expect(!gate::g_present, 1) && is_private(thread, address_of(pointer));
}

template <unsigned kLog2, std::uint8_t kFlags>
[[gnu::always_inline]] inline void read_hook(const void* pointer, std::uintptr_t pc) {
    if (!passes(pointer)) record_read<kLog2, kFlags>(pointer, pc);
}

template <unsigned kLog2, std::uint8_t kFlags>
[[gnu::always_inline]] inline void write_hook(void* pointer, std::uintptr_t pc) {
    if (!passes(pointer)) record_write<kLog2, kFlags>(pointer, pc);
}

}  // namespace

void record_range(ThreadState& thread, Kind kind, const void* pointer, std::uintptr_t bytes, std::uintptr_t pc) {
    const std::uintptr_t address = address_of(pointer);
    if (bytes == 0) return;
    if (on_own_stack(thread, address)) {
        if (!is_range_reached(thread, address, bytes)) return;
    } else {
        note_foreign(address, bytes);
    }
    emit(thread, kind, 0, pc, address, bytes);
}

void range_hook(Kind kind, const void* pointer, std::uintptr_t bytes, std::uintptr_t pc) {
    ThreadState& thread = self();
    if (bytes == 0) return;
    if (gate::holds(thread)) {
        gate::ask(thread, pc,
                  [&] { (kind == Kind::kWriteRange ? gate::g_hooks.write_range : gate::g_hooks.read_range)(pointer, bytes); });
    }
    record_range(thread, kind, pointer, bytes, pc);
}

void record_stored(const void* pointer, std::uintptr_t bytes, std::uintptr_t pc) {
    const std::uintptr_t log2 = static_cast<std::uintptr_t>(__builtin_ctzll(bytes));
    ThreadState& thread = self();
    const std::uintptr_t address = address_of(pointer);
    if (on_own_stack(thread, address) ? is_private(thread, address) : (note_foreign(address, bytes), false)) return;
    std::uint64_t value = 0;
    __builtin_memcpy(&value, pointer, bytes < 8 ? bytes : 8);
    emit(thread, Kind::kWrite, static_cast<std::uint8_t>(log2), pc, address, value);
}

void record_contents(const void* pointer, std::uintptr_t bytes, std::uintptr_t pc) {
    constexpr std::uintptr_t kMost = 512;
    ThreadState& thread = self();
    const std::uintptr_t address = address_of(pointer);
    if (bytes == 0) return;
    if (on_own_stack(thread, address) && !is_range_reached(thread, address, bytes)) return;
    emit_payload(thread, Kind::kFrameBytes, 0, pc, address, pointer, bytes < kMost ? bytes : kMost);
}

namespace {

// The hook itself, which may announce a call that copies or fills the block.
void announce_range(Kind kind, const void* pointer, std::uintptr_t bytes, std::uintptr_t pc) {
    ThreadState& thread = self();
    settle(thread);
    const std::uint64_t before = thread.head;
    range_hook(kind, pointer, bytes, pc);
    thread.announced.announce(kind == Kind::kWriteRange, address_of(pointer), bytes, before, thread.head);
}

}  // namespace
}  // namespace heddle::runtime

using namespace heddle::runtime;
using heddle::trace::kUnaligned;
using heddle::trace::kVolatile;

#define HEDDLE_ACCESS(bytes, log2)                                       \
    HEDDLE_EXPORT void __tsan_read##bytes(void* p) {                     \
        read_hook<log2, 0>(p, HEDDLE_CALLER);                            \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_write##bytes(void* p) {                    \
        write_hook<log2, 0>(p, HEDDLE_CALLER);                           \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_read##bytes##_pc(void* p, void* pc) {      \
        read_hook<log2, 0>(p, address_of(pc));                           \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_write##bytes##_pc(void* p, void* pc) {     \
        write_hook<log2, 0>(p, address_of(pc));                          \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_unaligned_read##bytes(void* p) {           \
        read_hook<log2, kUnaligned>(p, HEDDLE_CALLER);                   \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_unaligned_write##bytes(void* p) {          \
        write_hook<log2, kUnaligned>(p, HEDDLE_CALLER);                  \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_volatile_read##bytes(void* p) {            \
        read_hook<log2, kVolatile>(p, HEDDLE_CALLER);                    \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_volatile_write##bytes(void* p) {           \
        write_hook<log2, kVolatile>(p, HEDDLE_CALLER);                   \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_unaligned_volatile_read##bytes(void* p) {  \
        read_hook<log2, kUnaligned | kVolatile>(p, HEDDLE_CALLER);       \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_unaligned_volatile_write##bytes(void* p) { \
        write_hook<log2, kUnaligned | kVolatile>(p, HEDDLE_CALLER);      \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_read_write##bytes(void* p) {               \
        read_hook<log2, 0>(p, HEDDLE_CALLER);                            \
        write_hook<log2, 0>(p, HEDDLE_CALLER);                           \
    }                                                                    \
    HEDDLE_EXPORT void __tsan_unaligned_read_write##bytes(void* p) {     \
        read_hook<log2, kUnaligned>(p, HEDDLE_CALLER);                   \
        write_hook<log2, kUnaligned>(p, HEDDLE_CALLER);                  \
    }

HEDDLE_ACCESS(1, 0)
HEDDLE_ACCESS(2, 1)
HEDDLE_ACCESS(4, 2)
HEDDLE_ACCESS(8, 3)
HEDDLE_ACCESS(16, 4)

HEDDLE_EXPORT void __tsan_read_range(void* p, unsigned long bytes) {
    announce_range(heddle::trace::Kind::kReadRange, p, bytes, HEDDLE_CALLER);
}
HEDDLE_EXPORT void __tsan_write_range(void* p, unsigned long bytes) {
    announce_range(heddle::trace::Kind::kWriteRange, p, bytes, HEDDLE_CALLER);
}
HEDDLE_EXPORT void __tsan_read_range_pc(void* p, unsigned long bytes, void* pc) {
    announce_range(heddle::trace::Kind::kReadRange, p, bytes, address_of(pc));
}
HEDDLE_EXPORT void __tsan_write_range_pc(void* p, unsigned long bytes, void* pc) {
    announce_range(heddle::trace::Kind::kWriteRange, p, bytes, address_of(pc));
}

HEDDLE_EXPORT void __tsan_vptr_read(void** vptr) {
    read_hook<3, 0>(vptr, HEDDLE_CALLER);
}
HEDDLE_EXPORT void __tsan_vptr_update(void** vptr, void* value) {
    if (passes(vptr)) return;
    ThreadState& thread = self();
    const std::uintptr_t address = address_of(vptr), pc = HEDDLE_CALLER;
    if (!enter(thread, address, 8, pc, [&] { gate::g_hooks.write[3](vptr); })) return;
    emit(thread, heddle::trace::Kind::kVptrWrite, 3, pc, address, address_of(value));
}

// Clang calls these for block operations from version 15 on.
HEDDLE_EXPORT void* __tsan_memcpy(void* to, const void* from, unsigned long bytes) {
    return copy_block(to, from, bytes, HEDDLE_CALLER);
}
HEDDLE_EXPORT void* __tsan_memmove(void* to, const void* from, unsigned long bytes) {
    return move_block(to, from, bytes, HEDDLE_CALLER);
}
HEDDLE_EXPORT void* __tsan_memset(void* to, int value, unsigned long bytes) {
    return set_block(to, value, bytes, HEDDLE_CALLER);
}

HEDDLE_EXPORT void __tsan_init() {
    start_process();
    g_hooked_code.add_objects();
}

// Annotations that code written for the sanitizer may carry; what they announce is seen by other means.
HEDDLE_EXPORT void __tsan_ignore_thread_begin() {}
HEDDLE_EXPORT void __tsan_ignore_thread_end() {}
HEDDLE_EXPORT void __tsan_acquire(void*) {}
HEDDLE_EXPORT void __tsan_release(void*) {}
HEDDLE_EXPORT void __tsan_mutex_create(void*, unsigned) {}
HEDDLE_EXPORT void __tsan_mutex_destroy(void*, unsigned) {}
HEDDLE_EXPORT void __tsan_mutex_pre_lock(void*, unsigned) {}
HEDDLE_EXPORT void __tsan_mutex_post_lock(void*, unsigned, int) {}
HEDDLE_EXPORT int __tsan_mutex_pre_unlock(void*, unsigned) {
    return 0;
}
HEDDLE_EXPORT void __tsan_mutex_post_unlock(void*, unsigned) {}
HEDDLE_EXPORT void __tsan_mutex_pre_signal(void*, unsigned) {}
HEDDLE_EXPORT void __tsan_mutex_post_signal(void*, unsigned) {}
HEDDLE_EXPORT void __tsan_mutex_pre_divert(void*, unsigned) {}
HEDDLE_EXPORT void __tsan_mutex_post_divert(void*, unsigned) {}
