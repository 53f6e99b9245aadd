#include "core/fibers/spin.h"

#include <string.h>

#include "core/fibers/objects.h"

namespace heddle::fibers {

std::uint64_t stack_digest(const Fiber& fiber) {
    // Four at a time: each of them waits for the word before it, but not for the others.
    std::uint64_t lanes[4] = {0x84222325cbf29ce4ULL, 1, 2, 3};
    const auto word = [](std::uintptr_t at) {
        std::uint64_t bits;
        memcpy(&bits, reinterpret_cast<const void*>(at), 8);
        return bits;
    };
    std::uintptr_t at = (fiber.user_stack + 7) / 8 * 8;
    for (; at + 32 <= fiber.stack_high; at += 32) {
        for (std::uintptr_t lane = 0; lane < 4; ++lane) lanes[lane] = mix(lanes[lane], word(at + 8 * lane));
    }
    for (; at + 8 <= fiber.stack_high; at += 8) lanes[0] = mix(lanes[0], word(at));
    return mix(mix(mix(lanes[0], lanes[1]), lanes[2]), lanes[3]);
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
        if (stack == 0) stack = stack_digest(fiber);
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
    window.looks[window.count++] = {operation.pc, operation.object, value, stack_digest(fiber), operation.bytes};
}

}  // namespace heddle::fibers
