#include "core/symbols/location.h"

#include <array>

namespace heddle::symbols {

std::optional<std::uint64_t> evaluate(const Location& location, const LocationContext& context) {
    std::array<std::uint64_t, 16> stack{};
    std::size_t depth = 0;
    const auto push = [&](std::uint64_t value) {
        if (depth == stack.size()) return false;
        stack[depth++] = value;
        return true;
    };
    for (const LocationOp& op : location) {
        const auto number = static_cast<std::uint64_t>(op.number);
        bool ok = true;
        switch (op.step) {
            case LocationStep::kAddress:
                ok = push(number + context.bias);
                break;
            case LocationStep::kThreadLocal:
                ok = context.thread_block && push(*context.thread_block + number);
                break;
            case LocationStep::kFrame:
                ok = context.cfa && push(*context.cfa + number);
                break;
            case LocationStep::kConstant:
                ok = push(number);
                break;
            case LocationStep::kAddConstant:
                ok = depth >= 1;
                if (ok) stack[depth - 1] += number;
                break;
            case LocationStep::kAdd:
                ok = depth >= 2;
                if (ok) {
                    stack[depth - 2] += stack[depth - 1];
                    --depth;
                }
                break;
            case LocationStep::kDereference:
                ok = depth >= 1 && context.memory != nullptr &&
                     context.memory->read(stack[depth - 1], &stack[depth - 1], sizeof(std::uint64_t));
                break;
        }
        if (!ok) return std::nullopt;
    }
    if (depth == 0) return std::nullopt;
    return stack[depth - 1];
}

}  // namespace heddle::symbols
