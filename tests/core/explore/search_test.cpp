#include "core/explore/search.h"

#include <gmock/gmock-more-matchers.h>

#include <random>
#include <set>

#include "core/explore/bounded_search.h"
#include "core/explore/race_check.h"
#include "tests/core/explore/toy_program.h"

namespace heddle::explore {
namespace {

using Toy = ToyProgram;
using Ends = std::set<std::pair<std::uint64_t, Ending>>;

struct Seen {
    std::uint64_t executions = 0, deadlocks = 0;
    Ends ends;
};

Seen search_all(Toy program, Search& search) {
    Seen seen;
    for (auto request = search.next(); request; request = search.next()) {
        const Execution execution = program.run(*request).value();
        search.take(execution);
        if (execution.ending == Ending::kDiverged) continue;
        ++seen.executions;
        seen.deadlocks += execution.ending == Ending::kDeadlock ? 1 : 0;
        seen.ends.insert({execution.digest, execution.ending});
    }
    return seen;
}

Seen search_all(const Toy& program) {
    Search search;
    Seen seen = search_all(program, search);
    EXPECT_EQ(search.redundant(), 0U);
    EXPECT_EQ(search.impossible(), 0U);
    return seen;
}

// Every order there is, one after the other.
Ends every_end(Toy program) {
    program.return_every_store();
    Ends ends;
    BoundedSearch search(1000);
    for (auto request = search.next(); request; request = search.next()) {
        const Execution execution = program.run(*request).value();
        search.take(execution);
        ends.insert({execution.digest, execution.ending});
    }
    return ends;
}

// The same for two executions exactly when they are equivalent: what each thread did, how it came out, and the order of what does
// not commute.
std::uint64_t class_of(const Execution& execution) {
    std::vector<std::uint64_t> ordinal(execution.steps.size());
    std::map<std::uint8_t, std::uint64_t> count;
    for (std::size_t i = 0; i < ordinal.size(); ++i) ordinal[i] = ++count[execution.steps[i].thread] * 64 + execution.steps[i].thread;
    const auto hash = [](std::uint64_t word) {
        word = (word ^ word >> 31) * 0x9e3779b97f4a7c15ULL;
        return (word ^ word >> 29) * 0xbf58476d1ce4e5b9ULL;
    };
    std::uint64_t digest = 0;
    for (std::size_t j = 0; j < ordinal.size(); ++j) {
        digest += hash(ordinal[j] * 64 + execution.steps[j].choice);
        for (std::size_t i = 0; i < j; ++i) {
            if (trace::dependent(execution.steps[i].operation, execution.steps[j].operation))
                digest += hash(ordinal[i] << 32 | ordinal[j] << 8 | 1);
        }
    }
    return digest;
}

Toy increments(std::size_t threads, std::size_t each) {
    Toy::Thread thread;
    for (std::size_t i = 0; i < each; ++i) thread.insert(thread.end(), {Toy::read(1), Toy::write(1)});
    return Toy(std::vector<Toy::Thread>(threads, thread));
}

// The numbers of classes that GenMC and Nidhugg count for the same programs.
TEST(Search, TriesEachClassOfExecutionsOnce) {
    EXPECT_EQ(search_all(increments(2, 1)).executions, 4U);
    EXPECT_EQ(search_all(increments(2, 3)).executions, 328U);
    EXPECT_EQ(search_all(increments(3, 2)).executions, 7134U);
}

TEST(Search, OneExecutionIsEnoughWhereNothingIsShared) {
    EXPECT_EQ(search_all(Toy({{Toy::write(1), Toy::read(2)}, {Toy::write(3), Toy::read(2)}})).executions, 1U);
}

TEST(Search, TriesCriticalSectionsInBothOrders) {
    const Toy::Thread thread = {Toy::lock(1), Toy::read(1), Toy::write(1), Toy::unlock(1)};
    EXPECT_EQ(search_all(Toy({thread, thread})).executions, 2U);
    EXPECT_EQ(search_all(Toy({thread, thread, thread})).executions, 6U);
}

TEST(Search, FindsTheDeadlockWhoeverComesFirst) {
    const Toy::Thread one = {Toy::lock(1), Toy::lock(2), Toy::unlock(2), Toy::unlock(1)};
    const Toy::Thread other = {Toy::lock(2), Toy::lock(1), Toy::unlock(1), Toy::unlock(2)};
    EXPECT_EQ(search_all(Toy({one, other})).deadlocks, 1U);
    EXPECT_EQ(search_all(Toy({other, one})).deadlocks, 1U);
}

// Small programs drawn at random: the search reaches every end that trying all orders reaches.
TEST(Search, MissesNoEndOfAnySmallProgram) {
    std::mt19937 random(7);
    for (int program = 0; program < 300; ++program) {
        std::vector<Toy::Thread> threads(2 + random() % 2);
        for (Toy::Thread& thread : threads) {
            const std::size_t length = 1 + random() % (threads.size() == 2 ? 5 : 3);
            std::vector<std::uint64_t> held;
            for (std::size_t i = 0; i < length; ++i) {
                const std::uint64_t object = 1 + random() % 2;
                const auto what = random() % 4;
                const bool holds = std::find(held.begin(), held.end(), object) != held.end();
                if (what == 0) {
                    thread.push_back(Toy::read(object));
                } else if (what == 1) {
                    thread.push_back(Toy::write(object));
                } else if (!holds) {
                    thread.push_back(Toy::lock(object));
                    held.push_back(object);
                } else {
                    thread.push_back(Toy::unlock(object));
                    std::erase(held, object);
                }
            }
            for (const std::uint64_t object : held) thread.push_back(Toy::unlock(object));
        }
        const Toy toy(threads);
        EXPECT_EQ(search_all(toy).ends, every_end(toy)) << "program " << program;
    }
}

// The same with atomic accesses of every order: the search reaches what loads return when each may return every store that the
// model allows, in every order of the steps.
TEST(Search, MissesNoEndOfAnySmallProgramWithWeakOrders) {
    std::mt19937 random(11);
    std::uint64_t executions = 0, classes = 0;
    for (int program = 0; program < 300; ++program) {
        std::vector<Toy::Thread> threads(2 + random() % 2);
        for (Toy::Thread& thread : threads) {
            const std::size_t length = 1 + random() % (threads.size() == 2 ? 4 : 2);
            for (std::size_t i = 0; i < length; ++i) {
                const std::uint64_t object = 1 + random() % 2;
                const auto what = random() % 8;
                const bool strong = random() % 2 == 0, sequential = random() % 3 == 0;
                const int order = sequential ? kSequential : strong ? (what < 4 ? kAcquire : kRelease) : kRelaxed;
                if (what < 3) {
                    thread.push_back(Toy::load(object, order));
                } else if (what == 3) {
                    thread.push_back(Toy::fence(sequential ? kSequential : kAcquireRelease));
                } else if (what < 7) {
                    thread.push_back(Toy::store(object, order));
                } else {
                    thread.push_back(Toy::update(object, order == kRelease ? kAcquireRelease : order));
                }
            }
        }
        Toy toy(threads);
        EXPECT_EQ(search_all(toy).ends, every_end(toy)) << "program " << program;
        std::set<std::uint64_t> seen;
        Search search;
        for (auto request = search.next(); request; request = search.next()) {
            const Execution execution = toy.run(*request).value();
            search.take(execution);
            ++executions;
            classes += seen.insert(class_of(execution)).second ? 1 : 0;
        }
    }
    EXPECT_EQ(executions, classes) << "no class of equivalent executions twice";
}

TEST(RaceCheck, TellsOrderedFromUnorderedAccesses) {
    const auto race_in = [](std::vector<Toy::Thread> threads) {
        Toy program(std::move(threads));
        RaceCheck check;
        return check.find(program.run({}).value()).has_value();
    };
    EXPECT_TRUE(race_in({{Toy::write(1)}, {Toy::read(1)}}));
    EXPECT_TRUE(race_in({{Toy::write(1)}, {Toy::write(1)}}));
    EXPECT_FALSE(race_in({{Toy::read(1)}, {Toy::read(1)}}));
    EXPECT_FALSE(race_in({{Toy::write(1)}, {Toy::write(2)}}));
    EXPECT_FALSE(race_in({{Toy::lock(1), Toy::write(1), Toy::unlock(1)}, {Toy::lock(1), Toy::write(1), Toy::unlock(1)}}));
    EXPECT_TRUE(race_in({{Toy::lock(1), Toy::write(1), Toy::unlock(1)}, {Toy::lock(2), Toy::write(1), Toy::unlock(2)}}));
}

TEST(BoundedSearch, TakesTheFewestPreemptionsFirst) {
    Toy program = increments(2, 1);
    BoundedSearch search(1);
    std::vector<int> costs;
    for (auto request = search.next(); request; request = search.next()) {
        costs.push_back(search.preemptions());
        search.take(program.run(*request).value());
    }
    EXPECT_TRUE(std::is_sorted(costs.begin(), costs.end()));
    EXPECT_EQ(std::count(costs.begin(), costs.end(), 0), 2) << "either goes first, to its end";
}

}  // namespace
}  // namespace heddle::explore
