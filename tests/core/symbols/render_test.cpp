// The values of a real process, stopped in the middle, read through /proc/PID/mem.
#include "core/symbols/render.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "core/symbols/names.h"
#include "tests/core/symbols/program.h"

namespace heddle::symbols {
namespace {

using testing::Build;
using testing::compiled;
using ::testing::ElementsAre;
using testing::image_of;
using testing::StoppedProcess;

class ValuesOfEverything : public ::testing::TestWithParam<Build> {
protected:
    void SetUp() override {
        image_ = image_of("everything", GetParam());
        process_ = std::make_unique<StoppedProcess>(compiled("everything", GetParam()));
        bias_ = process_->bias(*image_);
    }
    const Global& global(const std::string& name) const {
        for (const Global& found : image_->globals()) {
            if (found.qualified_name == name) return found;
        }
        ADD_FAILURE() << "no variable " << name;
        static const Global none;
        return none;
    }
    Value value(const std::string& name, const RenderLimits& limits = {}) const {
        const Global& found = global(name);
        return render(*image_, bias_, found.type, found.address + bias_, *process_, limits);
    }
    std::uint64_t word(const std::string& name) const {
        std::uint64_t result = 0;
        EXPECT_TRUE(process_->read(global(name).address + bias_, &result, sizeof result));
        return result;
    }
    const Function& function(const std::string& name) const {
        for (const Function& found : image_->functions()) {
            if (found.name == name && found.is_user) return found;
        }
        ADD_FAILURE() << "no function " << name;
        static const Function none;
        return none;
    }

    std::shared_ptr<const Image> image_;
    std::unique_ptr<StoppedProcess> process_;
    std::uint64_t bias_ = 0;
};

TEST_P(ValuesOfEverything, ReadAsTheSourceWouldWriteThem) {
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"initialized", "42"},
        {"file_static", "-7"},
        {"flag", "true"},
        {"letter", "'a' (97)"},
        {"small", "200"},
        {"big", "18446744073709551615"},
        {"sized", "99"},
        {"single", "1.5"},
        {"pi", "3.25"},
        {"color", "kGreen"},
        {"level", "kLow"},
        {"numbers", "{1, 2, 3}"},
        {"grid", "{{1, 2, 3}, {4, 5, 6}}"},
        {"origin", "{x = 3, y = 4}"},
        {"accounts",
         R"({{owner = "ann", balance = 10}, {owner = "bob", balance = 20}, {owner = "a much longer name than fits", balance = 30}})"},
        {"square", "{sides = 4, edge = 2.5, red = 5, green = 17}"},
        {"word", "{whole = 67305985, bytes = {1, 2, 3, 4}}"},
        {"text_pointer", R"("world")"},
        {"null_pointer", "nullptr"},
        {"wild_pointer", "0x10"},
        {"alias", "42"},
        {"name", R"("Heddle")"},
        {"values", "{4, 5, 6}"},
        {"words", R"({"one", "two"})"},
        {"bits", "{true, false, true}"},
        {"fixed", "{7, 8, 9}"},
        {"line", "{1, 2, 3, 4}"},
        {"waiting_line", "{21, 22}"},
        {"chain", "{11, 12}"},
        {"ages", R"({["ann"] = 30, ["bob"] = 40})"},
        {"unique_numbers", "{1, 2, 3}"},
        {"table", "{[1] = 100}"},
        {"free_mutex", "unlocked"},
        {"recursive", "unlocked"},
        {"plain_mutex", "unlocked"},
        {"readers", "shared by 1"},
        {"condition", "0 waiting"},
        {"atomic_count", "17"},
        {"atomic_flag_value", "true"},
        {"atomic_wide", "1234567890123"},
        {"nothing", "nullptr"},
        {"no_thread", "no thread"},
        {"some", "3"},
        {"none", "nullopt"},
        {"permits", "3"},
        {"plain_semaphore", "2"},
        {"spin_lock", "unlocked"},
        {"plain_barrier", "for 2"},
        {"meeting", "for 3"},
        {"start", "2 to come"},
        {"plain_once", "done"},
        {"once", "not done yet"},
        {"c_mutex", "unlocked"},
        {"c_condition", "0 waiting"},
        {"c_once", "not done yet"},
        {"pair_value", "{first = 1, second = 'z' (122)}"},
        {"bank::total", "77"},
        {"bank::Vault::opened", "6"},
        {"work()::calls", "2"},
        {"function_pointer", "work(int)"},
    };
    for (const auto& [name, text] : rows) EXPECT_EQ(value(name).text, text) << name;
}

TEST_P(ValuesOfEverything, NamesTheOwnerOfAHeldMutex) {
    const Value held = value("held_mutex");
    EXPECT_EQ(held.note, ValueNote::kLocked);
    EXPECT_EQ(held.number, static_cast<std::uint64_t>(process_->pid()));
    EXPECT_EQ(held.text, "locked by " + std::to_string(process_->pid()));
}

TEST_P(ValuesOfEverything, FollowPointersToWhereTheyLead) {
    const Value pointer = value("to_counter");
    EXPECT_EQ(pointer.pointee, global("counter").address + bias_);
    EXPECT_EQ(image_->type(pointer.pointee_type).name, "int");
    const Value owned = value("owned");
    ASSERT_TRUE(owned.pointee.has_value());
    EXPECT_EQ(render(*image_, bias_, owned.pointee_type, *owned.pointee, *process_).text, "{value = 5, next = nullptr}");
    const Value shared = value("shared");
    ASSERT_EQ(shared.children.size(), 1U);
    EXPECT_EQ(shared.children[0].name + " " + shared.children[0].value.text, "use_count 1");
    EXPECT_EQ(render(*image_, bias_, shared.pointee_type, *shared.pointee, *process_).text, "9");
    EXPECT_EQ(value("alias").pointee, global("initialized").address + bias_);
}

TEST_P(ValuesOfEverything, SayWhatAPointerLeadsToWhereThatIsAsked) {
    RenderLimits limits;
    limits.follow = true;
    const auto text = [&](const char* name) {
        return render(*image_, bias_, global(name).type, global(name).address + bias_, *process_, limits).text;
    };
    EXPECT_EQ(text("to_counter"), "&counter");
    EXPECT_EQ(text("owned"), "&{value = 5, next = nullptr}");
    EXPECT_EQ(text("shared"), "&9");
    EXPECT_EQ(text("null_pointer"), "nullptr");
    EXPECT_EQ(text("wild_pointer"), "0x10");
}

TEST_P(ValuesOfEverything, GiveTheAddressOfEachPart) {
    const Value accounts = value("accounts");
    ASSERT_EQ(accounts.children.size(), 3U);
    EXPECT_EQ(accounts.children[2].name, "[2]");
    const Child& balance = accounts.children[2].value.children.at(1);
    EXPECT_EQ(balance.name, "balance");
    EXPECT_EQ(image_->find_variable(balance.address - bias_)->path, "accounts[2].balance");
    EXPECT_EQ(balance.value.text, "30");
}

TEST_P(ValuesOfEverything, FindTheLocalsOfLiveFrames) {
    const Function& by_value = function("by_value");
    const Function& lambda = function("by_value::lambda#1");
    const auto frame = [&](const std::string& published) {
        LocationContext context;
        context.bias = bias_;
        context.cfa = word(published);
        context.memory = process_.get();
        return context;
    };
    LocationContext outer = frame("frame_of_by_value");
    const std::uint64_t length = word("address_of_length");
    const auto found = image_->find_local(by_value, by_value.high - 1, outer, length);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->path, "length");
    EXPECT_EQ(render(*image_, bias_, found->type, length, *process_).text, "11");
    const LocationContext inner = frame("frame_of_lambda");
    const auto inside =
        image_->find_local(lambda, lambda.low + (lambda.high - lambda.low) / 2, inner, word("address_of_inside"));
    EXPECT_EQ(inside.value_or(VariablePath{}).path, "inside");
    std::vector<std::string> shown;
    for (const Visible& visible : image_->locals_at(by_value, by_value.high - 1, outer)) {
        if (!visible.address) continue;  // Clang keeps the address of "text" in a register only
        shown.push_back(visible.local->name + " " +
                        render(*image_, bias_, visible.local->type, *visible.address, *process_).text);
    }
    EXPECT_THAT(shown, ::testing::IsSupersetOf({"point {x = 3, y = 4}", "length 11", "stop [length = 11]"}));
    if (GetParam().compiler == "g++") {
        EXPECT_THAT(shown, ::testing::Contains(R"(text "by value")"));
        EXPECT_EQ(image_->find_local(by_value, by_value.high - 1, outer, word("address_of_text")).value_or(VariablePath{}).path,
                  "text");
    }
    outer.cfa.reset();
    EXPECT_FALSE(image_->find_local(by_value, by_value.high - 1, outer, length).has_value());
}

TEST_P(ValuesOfEverything, StayInsideTheLimits) {
    RenderLimits limits;
    limits.elements = 2;
    EXPECT_EQ(value("values", limits).text, "{4, 5, …}");
    EXPECT_EQ(value("values", limits).number, 3U);
    EXPECT_TRUE(value("values", limits).truncated);
    limits.string_bytes = 3;
    EXPECT_EQ(value("name", limits).text, R"("Hed…")");
    limits.depth = 0;
    EXPECT_EQ(value("grid", limits).text, "{…, …}");
    limits.reads = 0;
    EXPECT_EQ(value("counter", limits).note, ValueNote::kUnreadable);
}

// Memory in which every word holds the same value, so that each list and tree runs in circles.
class OneWord : public MemoryReader {
public:
    explicit OneWord(std::uint64_t word) : word_(word) {}
    bool read(std::uint64_t, void* out, std::size_t bytes) override {
        ++reads;
        for (std::size_t i = 0; i < bytes; ++i) static_cast<char*>(out)[i] = static_cast<char>(word_ >> (i % 8 * 8));
        return true;
    }
    std::uint32_t reads = 0;

private:
    std::uint64_t word_;
};

// Memory full of pseudo-random bytes, half of it unreadable.
class Noise : public MemoryReader {
public:
    explicit Noise(std::uint64_t seed) : state_(seed) {}
    bool read(std::uint64_t, void* out, std::size_t bytes) override {
        ++reads;
        for (std::size_t i = 0; i < bytes; ++i) {
            state_ = state_ * 6364136223846793005U + 1442695040888963407U;
            static_cast<char*>(out)[i] = static_cast<char>(state_ >> 56);
        }
        return state_ >> 63 != 0;
    }
    std::uint32_t reads = 0;

private:
    std::uint64_t state_;
};

TEST_P(ValuesOfEverything, EndWhateverMemoryHolds) {
    const RenderLimits limits;
    for (const Global& variable : image_->globals()) {
        for (const std::uint64_t word :
             {std::uint64_t{0}, std::uint64_t{8}, std::uint64_t{0x7fff'0000}, UINT64_MAX, UINT64_MAX - 7}) {
            OneWord memory(word);
            render(*image_, bias_, variable.type, variable.address, memory, limits);
            EXPECT_LE(memory.reads, limits.reads) << variable.name;
        }
        for (std::uint64_t seed = 1; seed <= 8; ++seed) {
            Noise memory(seed);
            render(*image_, bias_, variable.type, variable.address, memory, limits);
            EXPECT_LE(memory.reads, limits.reads) << variable.name;
        }
    }
}

TEST_P(ValuesOfEverything, TellWhichLineAllocatedAndWhat) {
    const Function& allocate = function("allocate");
    const auto site_of = [&](const std::string& variable) {
        for (const Local& local : allocate.locals) {
            if (local.name != variable) continue;
            const std::vector<std::uint64_t> at = image_->addresses_of_line(local.file, local.line);
            const std::uint64_t call = at.front() + 1;
            return image_->allocation_site({&call, 1});
        }
        return AllocationSite{};
    };
    EXPECT_EQ(site_of("raw").type, "Node");
    EXPECT_EQ(site_of("raw").variable, "raw");
    EXPECT_EQ(site_of("smart").type, "Point");
    EXPECT_EQ(site_of("raw").label, "everything.cpp:" + std::to_string(site_of("raw").line));
    for (const Function& found : image_->functions()) {
        if (!found.name.ends_with("allocator<long>::allocate") || !found.has_debug_info) continue;
        const std::uint64_t sites[] = {found.low + 4, allocate.high - 1};
        EXPECT_EQ(image_->allocation_site(sites).type, "long");
        EXPECT_EQ(image_->allocation_site(sites).label.substr(0, 15), "everything.cpp:");
    }
    const std::uint64_t nowhere = 0;
    EXPECT_EQ(image_->allocation_site({&nowhere, 1}).label, "");
}

TEST(RenderConstant, WritesTheValueTheFileGives) {
    const auto image = image_of("everything", {"clang++", "-gdwarf-5"});
    for (const Global& found : image->globals()) {
        if (found.name == "limit" && found.constant) {
            EXPECT_EQ(render_constant(*image, found.type, *found.constant).text, "10");
        }
    }
}

INSTANTIATE_TEST_SUITE_P(BothCompilers, ValuesOfEverything,
                         ::testing::Values(Build{"g++", "-gdwarf-5"}, Build{"clang++", "-gdwarf-5"}),
                         [](const auto& parameter) { return parameter.param.name(); });

}  // namespace
}  // namespace heddle::symbols
