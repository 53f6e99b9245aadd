#include "core/model/naming.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "core/model/process_memory.h"
#include "core/symbols/pointed_memory.h"

namespace heddle::model {

std::string joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const std::string_view part : parts) text.append(part);
    return text;
}

std::string hex_text(std::uint64_t value) {
    std::array<char, 20> text{};
    std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(value));
    return text.data();
}

std::string duration_text(Nanoseconds time) {
    std::array<char, 32> text{};
    const auto ns = static_cast<double>(time.count());
    if (ns < 1e3) {
        std::snprintf(text.data(), text.size(), "%lld ns", static_cast<long long>(time.count()));
    } else if (ns < 1e6) {
        std::snprintf(text.data(), text.size(), ns < 1e4 ? "%.1f µs" : "%.0f µs", ns / 1e3);
    } else if (ns < 1e9) {
        std::snprintf(text.data(), text.size(), ns < 1e8 ? "%.1f ms" : "%.0f ms", ns / 1e6);
    } else {
        std::snprintf(text.data(), text.size(), "%.2f s", ns / 1e9);
    }
    return text.data();
}

std::string thread_text(Number number) {
    return joined({"T", std::to_string(number)});
}
std::string process_text(Number number) {
    return joined({"P", std::to_string(number)});
}

std::string signal_text(int number) {
    const char* name = sigabbrev_np(number);
    return name ? joined({"SIG", name}) : std::to_string(number);
}

std::string on_one_line(std::string_view text, std::size_t most) {
    const std::size_t last = text.find_last_not_of('\n');
    if (last != text.npos) text = text.substr(0, last + 1);
    const bool cut = text.size() > most;
    if (cut) {
        const auto within_a_character = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
        while (most > 0 && within_a_character(most)) --most;
        text = text.substr(0, most);
    }
    std::string line;
    for (const char each : text) {
        if (each == '\n')
            line += "\\n";
        else
            line += each;
    }
    return cut ? line + "…" : line;
}

std::string without_internals(std::string_view path) {
    if (path.starts_with("std::__"))
        return "libstdc++";  // such as the waiters of std::barrier, which have no name of the program's
    std::size_t end = path.size();
    for (const std::string_view internal : {"._M_", ".__", ".std::"}) end = std::min(end, path.find(internal));
    return std::string(path.substr(0, end));
}

namespace {

// What the program calls memory that others may have, too; empty: nothing of its points there.
std::string name_shared(const World& world, const ProcessWorld& process, const Program& program, std::uint64_t address) {
    const auto extent = process.shared->extent_around(address);
    if (!extent) return {};
    ProcessMemory memory(world, process, &program);
    symbols::PointedMemory pointed(program.image(), program.bias(), extent->start, extent->bytes, memory);
    std::vector<symbols::CallPlace> calls;
    for (const Number number : process.threads) {
        const ThreadWorld& thread = world.thread(number);
        std::uint64_t site = thread.pc;
        for (std::size_t i = thread.stack.size(); i-- > 0; site = thread.stack[i].call_site)
            calls.push_back({site, thread.stack[i].frame_address});
    }
    std::vector<symbols::PointerInto> pointers = pointed.by_value(calls);
    if (pointers.empty()) {
        std::vector<symbols::CallPlace> mapped_by;
        for (const std::uint64_t site : extent->sites) mapped_by.push_back({site, 0});
        pointers = pointed.by_text(mapped_by);
    }
    return symbols::name_in(program.image(), pointers, extent->bytes, address - extent->start);
}

}  // namespace

NamedPlace name_address(const World& world, const ProcessWorld& process, const Program* program, std::uint64_t address) {
    if (const std::string_view state = trace::library_state_at(process.library_states, address); !state.empty())
        return {std::string(state), {}, true};
    if (!program) return {hex_text(address), {}, false};
    if (const auto global = program->image().find_variable(address - program->bias()))
        return {without_internals(global->path), global->type, true};
    for (const Number number : process.threads) {
        const ThreadWorld& thread = world.thread(number);
        if (thread.stack_bytes != 0 && (address < thread.stack_lowest || address - thread.stack_lowest >= thread.stack_bytes))
            continue;
        for (std::size_t i = thread.stack.size(); i-- > 0;) {
            const Frame& frame = thread.stack[i];
            if (frame.frame_address <= address && frame.frame_address != 0) continue;  // locals lie below it
            const symbols::Function* function = program->place(frame.pc).function;
            if (!function || !function->is_user) continue;
            const std::uint64_t pc = i + 1 < thread.stack.size() ? thread.stack[i + 1].call_site : thread.pc;
            const std::uint64_t inside = program->place(pc).function == function ? pc : frame.pc;
            const symbols::LocationContext context{program->bias(), frame.frame_address, std::nullopt, nullptr};
            if (const auto local = program->image().find_local(*function, inside - program->bias() - 1, context, address))
                return {without_internals(local->path), local->type, true};
        }
    }
    if (const HeapBlock* block = process.heap.containing(address)) {
        if (const symbols::AllocationSite* site = program->allocation_site(block->sites)) {
            const std::string offset =
                address == block->address ? std::string() : joined({"+", std::to_string(address - block->address)});
            return {joined({"[", site->label, "]", offset}), {}, true};
        }
    }
    if (const std::string shared = name_shared(world, process, *program, address); !shared.empty()) return {shared, {}, true};
    return {hex_text(address), {}, false};
}

}  // namespace heddle::model
