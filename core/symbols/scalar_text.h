// Texts of single values: numbers, characters, enumerators. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>

#include "core/symbols/type.h"

namespace heddle::symbols {

// bits: the value's bytes, zero-extended. For the kinds of type that hold one value.
std::string scalar_text(const Type& type, std::uint64_t bits, bool enum_is_signed);

std::string float_text(long double value);
std::string hex(std::uint64_t value);
std::string escaped(char c);                                        // as in a C++ literal; bytes of UTF-8 pass through
std::int64_t sign_extend(std::uint64_t bits, std::uint64_t width);  // width in bits

}  // namespace heddle::symbols
