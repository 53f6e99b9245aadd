// Names for addresses, as people would say them: a variable, a member, a local of a live frame, a heap block by its allocation
// site. Pure lookups in the symbols and a World; on the Observatory's thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/program.h"
#include "core/model/world.h"

namespace heddle::model {

struct NamedPlace {
    std::string name;      // "counter", "account.balance", "[main.cpp:12]+8", "0x7f…"
    symbols::TypeId type;  // of what lies there; void when not known
    bool known = false;    // it has a name of its own
};

NamedPlace name_address(const World& world, const ProcessWorld& process, const Program* program, std::uint64_t address);

// Without the library's own members: "m._M_mutex" is m. What is the library's altogether has its name.
std::string without_internals(std::string_view path);

std::string joined(std::initializer_list<std::string_view> parts);
std::string hex_text(std::uint64_t value);
std::string duration_text(Nanoseconds time);  // "118 µs", "3.2 ms"
std::string thread_text(Number number);       // "T2"
std::string process_text(Number number);      // "P1"
std::string signal_text(int number);          // "SIGSEGV"
// What a program wrote, for a sentence: its line ends as a source writes them but for those at its end, cut between characters.
std::string on_one_line(std::string_view text, std::size_t most);

}  // namespace heddle::model
