// Names as people write them, from names as compilers write them. Pure functions, any thread, any input: what is not
// understood comes back unchanged.
#pragma once

#include <string>
#include <string_view>

namespace heddle::symbols {

// "vector<int, std::allocator<int> >" → "vector<int>"; std::__cxx11::basic_string<char, …> → std::string; "3ul" → "3".
std::string simplify_type_name(std::string_view name);

// "long unsigned int" → "unsigned long".
std::string base_type_name(std::string_view name);

struct FunctionName {
    std::string name;       // "Account::deposit"
    std::string full_name;  // "Account::deposit(int)"
    bool is_lambda = false;
};
// From a demangled name: "void apply<int>(int)" → apply<int>, apply<int>(int); "main::{lambda()#1}::operator()() const" →
// main::lambda#1.
FunctionName function_name(std::string_view demangled);

// The demangled form of an Itanium C++ ABI name; the name itself where it is none.
std::string demangle(const char* linkage_name);

// Not below a directory of the system's headers or libraries, and not a name like "<built-in>".
bool is_user_path(std::string_view path);

// Joins and resolves "." and ".." lexically.
std::string join_path(std::string_view directory, std::string_view path);

}  // namespace heddle::symbols
