#include "core/fibers/spin.h"

#include <string.h>

#include <algorithm>

#include "core/fibers/objects.h"

namespace heddle::fibers {

namespace {

// Words of the stacks that other threads have written to, ascending, and which of their bytes. Where there are more, a thread
// that spins on its stack may look like one that does not.
struct SharedWord {
    std::uintptr_t address;
    std::uint64_t own;  // 1 in the bits that are its thread's alone
};
constexpr std::uint32_t kMostSharedWords = 64;
SharedWord g_shared_words[kMostSharedWords];
std::uint32_t g_shared_word_count = 0;

// Null: there is no room for one more.
SharedWord* shared_word(std::uintptr_t address) {
    SharedWord* const end = g_shared_words + g_shared_word_count;
    SharedWord* const place = std::lower_bound(
        g_shared_words, end, address, [](const SharedWord& word, std::uintptr_t wanted) { return word.address < wanted; });
    if (place != end && place->address == address) return place;
    if (g_shared_word_count == kMostSharedWords) return nullptr;
    std::move_backward(place, end, end + 1);
    *place = {address, ~std::uint64_t{0}};
    ++g_shared_word_count;
    return place;
}

struct Digest {
    // Four at a time: each of them waits for the word before it, but not for the others.
    std::uint64_t lanes[4] = {0x84222325cbf29ce4ULL, 1, 2, 3};

    static std::uint64_t word(std::uintptr_t address) {
        std::uint64_t bits;
        memcpy(&bits, reinterpret_cast<const void*>(address), 8);
        return bits;
    }
    void add(std::uintptr_t at, std::uintptr_t end) {
        for (; at + 32 <= end; at += 32) {
            for (std::uintptr_t lane = 0; lane < 4; ++lane) lanes[lane] = mix(lanes[lane], word(at + 8 * lane));
        }
        for (; at + 8 <= end; at += 8) lanes[0] = mix(lanes[0], word(at));
    }
    std::uint64_t value() const { return mix(mix(mix(lanes[0], lanes[1]), lanes[2]), lanes[3]); }
};

}  // namespace

void note_written(std::uint32_t writer, const Operation& write) {
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (i == writer || write.object < fiber.stack_low || write.object >= fiber.stack_high) continue;
        for (std::uint64_t byte = write.object; byte < write.object + write.bytes; ++byte) {
            SharedWord* const word = shared_word(byte / 8 * 8);
            const std::uint64_t bits = std::uint64_t{0xff} << byte % 8 * 8;
            if (word == nullptr || (word->own & bits) == 0) continue;
            word->own &= ~bits;
            ++g_board->newly_visible;
        }
    }
}

std::uint64_t stack_digest(const Fiber& fiber) {
    Digest digest;
    digest.add((fiber.user_stack + 7) / 8 * 8, fiber.stack_high);
    return digest.value();
}

std::uint64_t own_stack_digest(const Fiber& fiber) {
    Digest digest;
    std::uintptr_t at = (fiber.user_stack + 7) / 8 * 8;
    for (std::uint32_t i = 0; i < g_shared_word_count; ++i) {
        const auto [address, own] = g_shared_words[i];
        if (address < at || address >= fiber.stack_high) continue;
        digest.add(at, address);
        digest.lanes[0] = mix(digest.lanes[0], Digest::word(address) & own);
        at = address + 8;
    }
    digest.add(at, fiber.stack_high);
    return digest.value();
}

namespace {

std::uint64_t value_at(std::uint64_t address, std::uint8_t bytes) {
    std::uint64_t value = 0;
    memcpy(&value, reinterpret_cast<const void*>(address), bytes < 8 ? bytes : 8);
    return value;
}

bool has_changed(const SpinWindow::Look& look, std::uint32_t fiber) {
    if (look.bytes == 0) return lock_is_free(object_at(look.object), fiber, false);
    return value_at(look.object, look.bytes) != look.value;
}

}  // namespace

std::uint64_t changed_object(const Fiber& fiber) {
    for (std::uint32_t i = 0; i < fiber.spin.count; ++i) {
        if (has_changed(fiber.spin.looks[i], static_cast<std::uint32_t>(&fiber - g_fibers))) return fiber.spin.looks[i].object;
    }
    return 0;
}

void before_look(const Operation& operation) {
    Fiber& fiber = current();
    SpinWindow& window = fiber.spin;
    std::uint64_t stack = 0;
    for (std::uint32_t i = 0; i < window.count; ++i) {
        const SpinWindow::Look& look = window.looks[i];
        if (look.pc != operation.pc || look.object != operation.object) continue;
        if (stack == 0) stack = own_stack_digest(fiber);
        if (look.stack != stack) continue;
        // Also when something has changed already: it is enabled then, and no different from one that had to wait for that.
        fiber.spinning = true;
        for (std::uint32_t j = i; j < window.count; ++j) window.looks[j - i] = window.looks[j];
        window.count -= i;
        return;
    }
}

void after_look(const Operation& operation, std::uint64_t value) {
    Fiber& fiber = current();
    SpinWindow& window = fiber.spin;
    if (window.count == SpinWindow::kMost) {
        for (std::uint32_t j = 1; j < window.count; ++j) window.looks[j - 1] = window.looks[j];
        --window.count;
    }
    window.looks[window.count++] = {operation.pc, operation.object, value, own_stack_digest(fiber), operation.bytes};
}

}  // namespace heddle::fibers
