// Types as a program's debug information describes them. Plain data owned by an Image, never changed after load; a TypeId
// is only meaningful with the Image it came from. Sizes and offsets are bytes and come from an untrusted file: whoever reads
// memory by them must bound them (render does).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ids.h"

namespace heddle::symbols {

using TypeId = StrongId<struct TypeIdTag, std::uint32_t>;  // index into the image's types
inline constexpr TypeId kVoidType{0};                      // also "unknown"

enum class TypeKind : std::uint8_t {
    kVoid,
    kBool,
    kChar,
    kSigned,
    kUnsigned,
    kFloat,
    kEnum,
    kPointer,
    kReference,
    kArray,
    kRecord,
    kUnion,
    kFunction,
    kMemberPointer,
    kAlias,  // typedef, const, volatile: target says of what
};

struct Member {
    std::string name;  // empty for an anonymous struct or union
    TypeId type;
    std::uint64_t offset = 0;
    std::uint32_t bit_offset = 0, bit_size = 0;  // bit_size 0: not a bit field; bit_offset counts from `offset`'s lowest bit
    bool is_base = false;                        // a base class
};

struct Enumerator {
    std::string name;
    std::int64_t value = 0;
};

struct Type {
    TypeKind kind = TypeKind::kVoid;
    bool is_lambda = false;
    bool is_declaration = false;  // the file says that it exists, not what is inside
    std::string name;             // as people write it: "std::vector<int>", "const char*"
    std::uint64_t size = 0;
    TypeId target = kVoidType;  // pointee, element, underlying type of an enum, result of a function
    std::uint64_t count = 0;    // elements of an array
    std::vector<Member> members;
    std::vector<Enumerator> enumerators;
    std::vector<TypeId> arguments;  // of a template, types only
};

}  // namespace heddle::symbols
