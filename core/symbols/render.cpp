// Values of the language's own types; those of the library's classes are in render_library.cpp and render_sync.cpp.
#include "core/symbols/render.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/symbols/renderer.h"
#include "core/symbols/scalar_text.h"

namespace heddle::symbols {
namespace {

constexpr std::size_t kTextBytes = 200;  // of a class or array written in one line
constexpr int kMaxBases = 16;

std::string one_line(const Value& value, bool named, std::string_view open, std::string_view close) {
    std::string text(open);
    for (const Child& child : value.children) {
        if (&child != &value.children.front()) text += ", ";
        if (text.size() > kTextBytes) {
            text += "…";
            return text.append(close);
        }
        if (named && !child.name.empty()) text += child.name + " = ";
        text += child.value.text;
    }
    if (value.truncated) text += value.children.empty() ? "…" : ", …";
    return text.append(close);
}

bool is_class(const Type& type) {
    return type.kind == TypeKind::kRecord || type.kind == TypeKind::kUnion;
}

}  // namespace

bool Renderer::read_bytes(std::uint64_t address, void* out, std::size_t bytes) {
    if (reads_left_ == 0 || address + bytes < address) return false;
    --reads_left_;
    return memory_.read(address, out, bytes);
}

Value Renderer::unreadable() const {
    Value value;
    value.text = "?";
    value.note = ValueNote::kUnreadable;
    return value;
}

std::string Renderer::function_at(std::uint64_t address) const {
    const Function* function = image_.lookup_function(address - bias_);
    return function != nullptr && function->low == address - bias_ ? function->full_name : std::string();
}

Value Renderer::scalar(const Type& type, std::uint64_t bits) const {
    Value value;
    const bool enum_is_signed =
        type.kind == TypeKind::kEnum && image_.type(image_.strip(type.target)).kind == TypeKind::kSigned;
    value.text = scalar_text(type, bits, enum_is_signed);
    return value;
}

Value Renderer::value(TypeId id, std::uint64_t address, int depth) {
    const Type& type = image_.type(image_.strip(id));
    if (depth > limits_.depth) {
        Value value;
        value.text = "…";
        value.truncated = true;
        return value;
    }
    // pthread_mutex_t and its like are typedefs of unions without a name.
    TypeId alias = id;
    for (int steps = 0; steps < 8 && image_.type(alias).kind == TypeKind::kAlias; ++steps) {
        const Type& named = image_.type(alias);
        if (const Library* known = is_of_c(named.name) ? library(named) : nullptr)
            return (this->*known->render)(type, address, depth);
        alias = named.target;
    }
    switch (type.kind) {
        case TypeKind::kPointer:
            return pointer(type, address, depth);
        case TypeKind::kReference:
            return reference(type, address, depth);
        case TypeKind::kArray:
            return array(type, address, depth);
        case TypeKind::kRecord:
        case TypeKind::kUnion:
            return record(type, address, depth);
        case TypeKind::kVoid:
        case TypeKind::kFunction:
        case TypeKind::kAlias:
            return unreadable();
        default:
            break;
    }
    if (type.kind == TypeKind::kFloat && type.size == sizeof(long double) && type.size > 8) {
        long double number = 0;
        if (!read(address, number)) return unreadable();
        Value value;
        value.text = float_text(number);
        return value;
    }
    std::uint64_t bits = 0;
    if (type.size == 0 || !read_bytes(address, &bits, std::min<std::uint64_t>(type.size, 8))) return unreadable();
    return scalar(type, bits);
}

Value Renderer::bit_field(const Type& type, std::uint64_t address, const Member& member) {
    const std::uint64_t bytes = std::min<std::uint64_t>((member.bit_offset + member.bit_size + 7) / 8, 8);
    std::uint64_t bits = 0;
    if (!read_bytes(address, &bits, bytes)) return unreadable();
    bits >>= member.bit_offset;
    if (member.bit_size < 64) bits &= (std::uint64_t{1} << member.bit_size) - 1;
    const bool is_signed = type.kind == TypeKind::kSigned;
    return scalar(type, is_signed ? static_cast<std::uint64_t>(sign_extend(bits, member.bit_size)) : bits);
}

std::string Renderer::quoted(std::uint64_t address, std::uint64_t bytes, bool until_zero, bool& truncated) {
    std::string text = "\"";
    truncated = bytes > limits_.string_bytes;
    const std::uint64_t end = std::min<std::uint64_t>(bytes, limits_.string_bytes);
    std::array<char, 64> chunk;
    for (std::uint64_t at = 0; at < end;) {
        // A chunk never crosses a multiple of 64 bytes, so that a string at the end of a mapping is read whole.
        const std::uint64_t count = std::min<std::uint64_t>(end - at, chunk.size() - (address + at) % chunk.size());
        if (!read_bytes(address + at, chunk.data(), count)) return {};
        for (std::uint64_t i = 0; i < count; ++i) {
            if (until_zero && chunk[i] == '\0') {
                truncated = false;
                return text + "\"";
            }
            text += escaped(chunk[i]);
        }
        at += count;
    }
    return text + (truncated ? "…\"" : "\"");
}

Value Renderer::pointing_to(std::uint64_t target, TypeId type, int depth) {
    Value value;
    value.pointee = target;
    value.pointee_type = type;
    value.text = target == 0 ? "nullptr" : hex(target);
    if (target == 0) value.note = ValueNote::kNull;
    if (target == 0 || !limits_.follow || image_.type(image_.strip(type)).size == 0) return value;
    if (const auto variable = image_.find_variable(target - bias_, type)) {
        value.text = "&" + variable->path;
    } else if (const Value there = this->value(type, target, depth + 1); there.note != ValueNote::kUnreadable) {
        value.text = "&" + there.text;
        value.truncated = there.truncated;
    }
    return value;
}

Value Renderer::pointer(const Type& type, std::uint64_t address, int depth) {
    std::uint64_t target = 0;
    if (!read(address, target)) return unreadable();
    Value value = pointing_to(target, type.target, depth);
    if (target == 0) return value;
    const Type& pointee = image_.type(image_.strip(type.target));
    if (pointee.kind == TypeKind::kFunction) {
        if (const std::string name = function_at(target); !name.empty()) value.text = name;
    } else if (pointee.kind == TypeKind::kChar && pointee.name == "char") {
        bool truncated = false;
        const std::string text = quoted(target, UINT64_MAX, true, truncated);
        if (!text.empty()) value.text = text;
        value.truncated = truncated;
    }
    return value;
}

Value Renderer::reference(const Type& type, std::uint64_t address, int depth) {
    std::uint64_t target = 0;
    if (!read(address, target)) return unreadable();
    Value inner = value(type.target, target, depth + 1);
    inner.pointee = target;
    inner.pointee_type = type.target;
    return inner;
}

Value Renderer::array(const Type& type, std::uint64_t address, int depth) {
    const Type& element = image_.type(image_.strip(type.target));
    Value out;
    if (element.kind == TypeKind::kChar && element.name == "char") {
        out.text = quoted(address, type.count, true, out.truncated);
        if (out.text.empty()) return unreadable();
        return out;
    }
    const std::uint64_t shown = std::min<std::uint64_t>(type.count, limits_.elements);
    for (std::uint64_t i = 0; i < shown && element.size > 0 && reads_left_ > 0; ++i) {
        add_element(out, "[" + std::to_string(i) + "]", type.target, address + i * element.size, depth);
    }
    return container(type.count, std::move(out));
}

void Renderer::add_element(Value& out, std::string name, TypeId type, std::uint64_t address, int depth) {
    Value inner = value(type, address, depth + 1);
    out.children.push_back({std::move(name), type, address, std::move(inner)});
}

Value Renderer::container(std::uint64_t count, Value out) const {
    out.note = count == 0 ? ValueNote::kEmpty : ValueNote::kContainer;
    out.number = count;
    out.truncated = out.children.size() < count;
    const bool has_keys = !out.children.empty() && out.children.front().name != "[0]";
    out.text = one_line(out, has_keys, "{", "}");
    return out;
}

void Renderer::add_members(const Type& type, std::uint64_t address, int depth, Value& out, int bases) {
    for (const Member& member : type.members) {
        if (out.children.size() >= limits_.elements || reads_left_ == 0) {
            out.truncated = true;
            return;
        }
        const std::uint64_t at = address + member.offset;
        const Type& inner = image_.type(image_.strip(member.type));
        const bool is_flat = (member.is_base || member.name.empty()) && library(inner) == nullptr;
        if (is_flat && is_class(inner)) {
            if (bases < kMaxBases) add_members(inner, at, depth, out, bases + 1);
        } else if (!member.name.starts_with("_vptr")) {
            Value shown = member.bit_size > 0 ? bit_field(inner, at, member) : value(member.type, at, depth + 1);
            out.children.push_back({member.name, member.type, at, std::move(shown)});
        }
    }
}

Value Renderer::record(const Type& type, std::uint64_t address, int depth) {
    if (const Library* known = library(type); known != nullptr) return (this->*known->render)(type, address, depth);
    Value out;
    if (type.is_declaration) {
        out.text = "…";
        return out;
    }
    add_members(type, address, depth, out, 0);
    const auto is_unreadable = [](const Child& child) { return child.value.note == ValueNote::kUnreadable; };
    if (!out.children.empty() && std::all_of(out.children.begin(), out.children.end(), is_unreadable)) {
        out.note = ValueNote::kUnreadable;
        out.text = "?";
    } else {
        out.text = one_line(out, true, type.is_lambda ? "[" : "{", type.is_lambda ? "]" : "}");
    }
    return out;
}

Value render(const Image& image, std::uint64_t bias, TypeId type, std::uint64_t address, MemoryReader& memory,
             const RenderLimits& limits) {
    return Renderer(image, bias, memory, limits).value(type, address, 0);
}

Value render_constant(const Image& image, TypeId type, std::int64_t constant) {
    struct NoMemory : MemoryReader {
        bool read(std::uint64_t, void*, std::size_t) override { return false; }
    } none;
    const Type& stripped = image.type(image.strip(type));
    auto bits = static_cast<std::uint64_t>(constant);
    if (stripped.size < 8) bits &= (std::uint64_t{1} << (stripped.size * 8)) - 1;
    return Renderer(image, 0, none, {}).scalar(stripped, bits);
}

}  // namespace heddle::symbols
