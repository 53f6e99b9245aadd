#include "core/catalog/sandbox.h"

#include <cmath>
#include <cstdlib>
#include <lua.hpp>

namespace heddle::catalog {

namespace {

constexpr std::size_t kMostBytes = 4 << 20;
constexpr long kMostInstructions = 1'000'000;
constexpr int kInstructionsPerCheck = 1000;
constexpr char kChunkName[] = "=expression";

Sandbox* sandbox_of(lua_State* state) {
    return *static_cast<Sandbox**>(lua_getextraspace(state));
}

std::string without_position(std::string message) {
    const std::string prefix = "expression:";
    if (message.rfind(prefix, 0) != 0) return message;
    const std::size_t end = message.find(": ", prefix.size());
    return end == std::string::npos ? message : message.substr(end + 2);
}

}  // namespace

// Lua reports errors by longjmp, which skips destructors: no function here that may raise holds a C++ object with one. Whatever
// needs such objects happens in a helper that has returned before.
struct SandboxCalls {
    static void* allocate(void* context, void* old, std::size_t old_bytes, std::size_t bytes) {
        auto& used = static_cast<Sandbox::Budget*>(context)->bytes;
        if (old == nullptr) old_bytes = 0;  // then it tells the kind of object
        if (bytes == 0) {
            used -= old_bytes;
            std::free(old);
            return nullptr;
        }
        if (bytes > old_bytes && used + (bytes - old_bytes) > kMostBytes) return nullptr;
        void* block = std::realloc(old, bytes);
        if (block != nullptr) used = used - old_bytes + bytes;
        return block;
    }

    static void count(lua_State* state, lua_Debug*) {
        long& used = sandbox_of(state)->budget_.instructions;
        used += kInstructionsPerCheck;
        if (used > kMostInstructions) luaL_error(state, "the expression takes too long");
    }

    static int raise(lua_State* state) {
        const std::string& message = sandbox_of(state)->message_;
        lua_pushlstring(state, message.data(), message.size());
        return lua_error(state);
    }

    static int push_answer(lua_State* state) {
        const FactValue& answer = sandbox_of(state)->answer_;
        if (const auto* truth = std::get_if<bool>(&answer)) {
            lua_pushboolean(state, *truth ? 1 : 0);
        } else if (const auto* whole = std::get_if<std::int64_t>(&answer)) {
            lua_pushinteger(state, *whole);
        } else if (const auto* number = std::get_if<double>(&answer)) {
            lua_pushnumber(state, *number);
        } else if (const auto* text = std::get_if<std::string>(&answer)) {
            lua_pushlstring(state, text->data(), text->size());
        }
        return 1;
    }

    static std::string written(const FactFunctionInfo& info, const FactArguments& arguments, bool process_given) {
        std::string call = std::string(info.name) + "(";
        for (const char* kind = info.signature; *kind != 0; ++kind) {
            if (*kind == 'p' && !process_given) continue;
            if (kind != info.signature) call += ", ";
            if (*kind != 's') call += std::to_string(arguments.number);
            if (*kind == 's') call += '"' + std::string(kind == info.signature ? arguments.first : arguments.second) + '"';
        }
        return call + ")";
    }

    static bool find_answer(Sandbox& sandbox, const FactFunctionInfo& info, const FactArguments& arguments,
                            bool process_given) {
        auto answer = ask(info.function, arguments, *sandbox.facts_);
        if (answer) {
            sandbox.answer_ = std::move(*answer);
        } else {
            sandbox.message_ = "the run has no " + written(info, arguments, process_given);
        }
        return answer.has_value();
    }

    static int call_fact(lua_State* state) {
        const auto& info = kFactFunctions[static_cast<std::size_t>(lua_tointeger(state, lua_upvalueindex(1)))];
        FactArguments arguments;
        bool process_given = false;
        for (int i = 0; info.signature[i] != 0; ++i) {
            if (info.signature[i] == 's') {
                std::size_t size = 0;
                const char* text = luaL_checklstring(state, i + 1, &size);
                (i == 0 ? arguments.first : arguments.second) = std::string_view(text, size);
            } else if (info.signature[i] == 'i' || !lua_isnoneornil(state, i + 1)) {
                arguments.number = static_cast<int>(luaL_checkinteger(state, i + 1));
                process_given = true;
            }
        }
        return find_answer(*sandbox_of(state), info, arguments, process_given) ? push_answer(state) : raise(state);
    }

    static bool find_name(Sandbox& sandbox, std::string_view owner, std::string_view name) {
        const std::string full = owner.empty() ? std::string(name) : std::string(owner) + "." + std::string(name);
        auto answer = ask_name(full, *sandbox.facts_);
        if (answer) {
            sandbox.answer_ = std::move(*answer);
        } else {
            sandbox.message_ = "the run has no " + full;
        }
        return answer.has_value();
    }

    // __index of the globals and of exit, switches, pages; upvalue 1: the owner's name.
    static int index_name(lua_State* state) {
        std::size_t owner_size = 0, size = 0;
        const char* owner = luaL_checklstring(state, lua_upvalueindex(1), &owner_size);
        const char* name = luaL_checklstring(state, 2, &size);
        return find_name(*sandbox_of(state), {owner, owner_size}, {name, size}) ? push_answer(state) : raise(state);
    }

    static int contains(lua_State* state) {
        std::size_t size = 0, part_size = 0;
        const char* text = luaL_checklstring(state, 1, &size);
        const char* part = luaL_checklstring(state, 2, &part_size);
        lua_pushboolean(state, std::string_view(text, size).find({part, part_size}) != std::string_view::npos ? 1 : 0);
        return 1;
    }

    static int absolute(lua_State* state) {
        lua_pushnumber(state, std::fabs(luaL_checknumber(state, 1)));
        return 1;
    }

    static int round_down(lua_State* state) {
        const double down = std::floor(luaL_checknumber(state, 1));
        lua_Integer whole = 0;
        if (lua_numbertointeger(down, &whole)) {
            lua_pushinteger(state, whole);
        } else {
            lua_pushnumber(state, down);
        }
        return 1;
    }

    static int extreme(lua_State* state) {  // upvalue 1: whether the largest
        const bool largest = lua_toboolean(state, lua_upvalueindex(1)) != 0;
        const int count = lua_gettop(state);
        luaL_checknumber(state, 1);
        int best = 1;
        for (int i = 2; i <= count; ++i) {
            luaL_checknumber(state, i);
            if (lua_compare(state, largest ? best : i, largest ? i : best, LUA_OPLT) != 0) best = i;
        }
        lua_pushvalue(state, best);
        return 1;
    }

    // Leaves a table on the stack whose missing members are looked up under `owner`.
    static void push_owner(lua_State* state, const char* owner) {
        lua_createtable(state, 0, 0);
        lua_createtable(state, 0, 1);
        lua_pushstring(state, owner);
        lua_pushcclosure(state, index_name, 1);
        lua_setfield(state, -2, "__index");
        lua_setmetatable(state, -2);
    }

    static int set_up(lua_State* state) {
        push_owner(state, "");  // becomes the globals
        for (const char* owner : {"exit", "switches", "pages"}) {
            push_owner(state, owner);
            lua_setfield(state, -2, owner);
        }
        for (std::size_t i = 0; i < kFactFunctions.size(); ++i) {
            lua_pushinteger(state, static_cast<lua_Integer>(i));
            lua_pushcclosure(state, call_fact, 1);
            lua_setfield(state, -2, kFactFunctions[i].name);
        }
        lua_pushcfunction(state, contains);
        lua_setfield(state, -2, "contains");
        lua_pushcfunction(state, absolute);
        lua_setfield(state, -2, "abs");
        lua_pushcfunction(state, round_down);
        lua_setfield(state, -2, "floor");
        for (const bool largest : {false, true}) {
            lua_pushboolean(state, largest ? 1 : 0);
            lua_pushcclosure(state, extreme, 1);
            lua_setfield(state, -2, largest ? "max" : "min");
        }
        lua_rawseti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
        return 0;
    }
};

Sandbox::Sandbox(const Facts& facts) : facts_(&facts) {
    state_ = lua_newstate(SandboxCalls::allocate, &budget_);
    if (state_ == nullptr) return;
    *static_cast<Sandbox**>(lua_getextraspace(state_)) = this;
    lua_pushcfunction(state_, SandboxCalls::set_up);
    if (lua_pcall(state_, 0, 0, 0) != LUA_OK) {
        lua_close(state_);
        state_ = nullptr;
        return;
    }
    lua_sethook(state_, SandboxCalls::count, LUA_MASKCOUNT, kInstructionsPerCheck);
}

Sandbox::~Sandbox() {
    if (state_ != nullptr) lua_close(state_);
}

Result<FactValue> Sandbox::evaluate(std::string_view expression) {
    if (state_ == nullptr) return fail("out of memory");
    const std::string chunk = "return " + std::string(expression);
    lua_settop(state_, 0);
    int status = luaL_loadbufferx(state_, chunk.data(), chunk.size(), kChunkName, "t");
    if (status == LUA_OK) status = lua_pcall(state_, 0, 1, 0);
    const int type = lua_type(state_, -1);
    if (status != LUA_OK) {
        return fail(without_position(type == LUA_TSTRING ? lua_tostring(state_, -1) : "the expression failed"));
    }
    if (type == LUA_TBOOLEAN) return FactValue(lua_toboolean(state_, -1) != 0);
    if (lua_isinteger(state_, -1) != 0) return FactValue(static_cast<std::int64_t>(lua_tointeger(state_, -1)));
    if (type == LUA_TNUMBER) return FactValue(static_cast<double>(lua_tonumber(state_, -1)));
    if (type == LUA_TSTRING) return FactValue(std::string(lua_tostring(state_, -1)));
    return fail("the expression has no value");
}

Result<> Sandbox::parse(std::string_view expression) {
    Budget budget;
    lua_State* state = lua_newstate(SandboxCalls::allocate, &budget);
    if (state == nullptr) return fail("out of memory");
    const std::string chunk = "return " + std::string(expression);
    Result<> result;
    if (luaL_loadbufferx(state, chunk.data(), chunk.size(), kChunkName, "t") != LUA_OK) {
        result = fail(without_position(lua_tostring(state, -1)));
    }
    lua_close(state);
    return result;
}

}  // namespace heddle::catalog
