#include "core/catalog/expression.h"

#include <gtest/gtest.h>

#include "core/catalog/claims.h"
#include "tests/core/catalog/literal_facts.h"

namespace heddle::catalog {
namespace {

LiteralFacts a_lost_update() {
    LiteralFacts facts;
    facts.parameters = {{"threads", 2}, {"increments", 100000}};
    facts.numbers = {{"threads", 3}, {"exit.code", 0}, {"switches.preempted", 7}, {"switches.captured", 99.5}};
    facts.values = {{{"counter", 1}, 173204}, {{"page.value", 2}, 1}};
    facts.addresses = {{{"counter", 1}, 0x7fff12345678}};
    facts.regions = {{"counter", "bss"}};
    facts.pointees = {{"small", "heap"}};
    facts.edges = {{{"running", "ready"}, 4}};
    facts.causes = {{"io", 1}};
    facts.shares = {{2, 0.25}, {3, 0.75}};
    facts.signals = {{1, 0}, {2, 11}};
    facts.exit_codes = {{1, 0}};
    facts.shared = {{{"page", 1}, true}};
    facts.exclusive = {{{"page", 1}, false}};
    facts.recursions = {{"descend", 4}};
    facts.printed = "first 1\ncounter = 173204, expected 200000\nat 0x7fff12345678\nhalf = -0.5\n";
    return facts;
}

struct Case {
    const char* expression;
    bool ok;
    const char* detail;
};

TEST(Expression, IsJudgedAndSaysWhatItCompared) {
    const Case cases[] = {
        {R"(value("counter") < threads * increments)", true, R"(counter = 173204, threads * increments = 200000)"},
        {R"(value("counter") == threads * increments)", false, R"(counter = 173204, threads * increments = 200000)"},
        {R"(region("counter") == "bss" and pointee("small") == "heap")", true,
         R"(region("counter") = "bss", pointee("small") = "heap")"},
        {R"(number("threads") == threads + 1)", true, R"(number("threads") = 3, threads + 1 = 3)"},
        {R"(exit.code == 0 and switches.preempted >= 10)", false, "exit.code = 0, switches.preempted = 7"},
        {R"(switches.captured > 99)", true, "switches.captured = 99.5"},
        {R"(transitions("running", "ready") >= 1 and caused("io") == 1)", true,
         R"(transitions("running", "ready") = 4, caused("io") = 1)"},
        {R"(min(cpu_share(2), cpu_share(3)) > 0.2)", true, "min(cpu_share(2), cpu_share(3)) = 0.25"},
        {R"(max(cpu_share(2), cpu_share(3)) < 0.5)", false, "max(cpu_share(2), cpu_share(3)) = 0.75"},
        {R"(process_signal(2) == 11 and process_exit_code(1) == 0)", true, "process_signal(2) = 11, process_exit_code(1) = 0"},
        {R"(page_was_shared("page") and not page_is_private("page", 1))", true,
         R"(page_was_shared("page") = true, page_is_private("page", 1) = false)"},
        {R"((deepest_recursion("descend") == 3 or deepest_recursion("descend") == 4))", true,
         R"(deepest_recursion("descend") = 4)"},
        {R"(printed("counter =") == value("counter"))", true, R"(printed("counter =") = 173204, counter = 173204)"},
        {R"(printed("at") == address("counter"))", true,
         R"(printed("at") = 140733498807928, address("counter") = 140733498807928)"},
        {R"(printed("half =") == -0.5 and abs(printed("half =")) == 0.5)", true,
         R"(printed("half =") = -0.5, abs(printed("half =")) = 0.5)"},
        {R"(contains(output, "expected") and floor(2.7) == 2)", true, R"(contains(output, "expected") = true, floor(2.7) = 2)"},
        {R"(value("page.value", 2) == 1 or value("gone") == 1)", true, R"(P2 page.value = 1)"},
    };
    for (const Case& c : cases) {
        const auto verdict = evaluate(c.expression, a_lost_update());
        ASSERT_TRUE(verdict) << c.expression << ": " << verdict.error().message();
        EXPECT_EQ(verdict->ok, c.ok) << c.expression;
        EXPECT_EQ(verdict->detail, c.detail) << c.expression;
    }
}

TEST(Expression, FailsWithTheNameOfWhatTheRunDoesNotHave) {
    const std::pair<const char*, const char*> cases[] = {
        {R"(value("contuer") == 1)", R"(the run has no value("contuer"))"},
        {R"(value("counter", 2) == 1)", R"(the run has no value("counter", 2))"},
        {"switches.kernel == 1", "the run has no switches.kernel"},
        {"dropped == 0", "the run has no dropped"},
        {R"(transitions("new", "ready") == 1)", R"(the run has no transitions("new", "ready"))"},
        {"cpu_share(9) > 0", "the run has no cpu_share(9)"},
        {R"(printed("nothing") == 1)", R"(the run has no printed("nothing"))"},
        {R"(printed("expected 200000") == 1)", R"(the run has no printed("expected 200000"))"},
        {R"(value("counter") < region("counter"))", "attempt to compare number with string"},
        {"value(\"counter\")", "the expression must be true or false, but it is 173204: value(\"counter\")"},
        {"value()", "bad argument #1 to 'value' (string expected, got no value)"},
    };
    for (const auto& [expression, message] : cases) {
        const auto verdict = evaluate(expression, a_lost_update());
        ASSERT_FALSE(verdict) << expression;
        EXPECT_EQ(verdict.error().message(), message) << expression;
    }
}

TEST(Expression, CanNeitherHangNorEatMemoryNorReachTheSystem) {
    const std::pair<const char*, const char*> cases[] = {
        {"(function() while true do end end)()", "takes too long"},
        {"(function() local s = 'x' while true do s = s .. s end end)() == 1", "not enough memory"},
        {"(function() local t = {} for i = 1, 1e9 do t[i] = i end end)() == 1", "memory"},
        {"(function() local function f() return 1 + f() end return f() end)() == 1", "memory"},
        {"os.exit(1)", "the run has no os"},
        {"load('return true')()", "the run has no load"},
        {"('x'):rep(10) == 'x'", "index a string value"},
    };
    for (const auto& [expression, message] : cases) {
        const auto verdict = evaluate(expression, a_lost_update());
        ASSERT_FALSE(verdict) << expression;
        EXPECT_NE(verdict.error().message().find(message), std::string::npos) << verdict.error().message();
    }
}

TEST(Expression, IsCheckedForSyntaxAndNamesBeforeAnyRun) {
    const std::pair<const char*, const char*> cases[] = {
        {R"(value("counter" == 1)", "')' expected"},
        {"1 ==", "unexpected symbol"},
        {"1 == 1; x = 2", "expected"},
        {R"(valeu("counter") == 1)", "'valeu' means nothing here (did you mean 'value'?)"},
        {"thread == 2", "did you mean 'threads'?"},
        {"exit.signla == 2", "'exit' has no 'signla'; it has code, signal"},
        {"threads.count == 2", "'threads' has no members"},
        {"output:len() == 2", "methods"},
        {"(function() return true end)()", "'function' means nothing here"},
    };
    for (const auto& [expression, message] : cases) {
        const Result<> checked = check_expression(expression, {"threads"});
        ASSERT_FALSE(checked) << expression;
        EXPECT_NE(checked.error().message().find(message), std::string::npos) << checked.error().message();
    }
    EXPECT_TRUE(check_expression(R"(min(value("a"), 2) == threads and not contains(output, "or else"))", {"threads"}));
    EXPECT_FALSE(check_expression("increments == 2", {"threads"}));
}

Claim a_claim(std::string expression, int runs = 1, bool any = false) {
    Claim claim;
    claim.id = "it";
    claim.expression = std::move(expression);
    claim.runs = runs;
    claim.any = any;
    return claim;
}

TEST(Claims, SpeakOfTheirVariantAndParametersOnly) {
    Scenario scenario;
    scenario.claims = {a_claim("threads == 2"), a_claim("threads == 2"), a_claim("threads == 2"),
                       a_claim("value(\"gone\") == 1")};
    scenario.claims[1].variants = {"mutex"};
    scenario.claims[2].parameters = {{"increments", 5}};
    const auto results = evaluate_claims(scenario, "broken", a_lost_update());
    ASSERT_EQ(results.size(), 2U);
    EXPECT_TRUE(results[0].ok);
    EXPECT_EQ(results[0].detail, "threads = 2");
    EXPECT_FALSE(results[1].ok);
    EXPECT_EQ(results[1].detail, "the run has no value(\"gone\")");
    EXPECT_EQ(evaluate_claims(scenario, "mutex", a_lost_update()).size(), 3U);
}

TEST(Claims, OfSeveralRunsNeedAllOfThemOrOne) {
    using Runs = std::vector<model::ClaimResult>;
    const auto run = [](bool ok) { return model::ClaimResult{"it", ok, true, ok ? "yes" : "no"}; };
    const Claim all = a_claim("x", 3), any = a_claim("x", 3, true);

    EXPECT_TRUE(wants_another_run(all, {}));
    EXPECT_TRUE(wants_another_run(all, Runs{run(true), run(true)}));
    EXPECT_FALSE(wants_another_run(all, Runs{run(true), run(true), run(true)}));
    EXPECT_FALSE(wants_another_run(all, Runs{run(false)}));
    EXPECT_TRUE(overall(all, Runs{run(true), run(true), run(true)}).ok);
    EXPECT_FALSE(overall(all, Runs{run(true), run(false)}).ok);
    EXPECT_EQ(overall(all, Runs{run(true), run(false)}).detail, "no (run 2 of at most 3)");

    EXPECT_TRUE(wants_another_run(any, Runs{run(false)}));
    EXPECT_FALSE(wants_another_run(any, Runs{run(false), run(true)}));
    EXPECT_FALSE(wants_another_run(any, Runs{run(false), run(false), run(false)}));
    EXPECT_TRUE(overall(any, Runs{run(false), run(true)}).ok);
    EXPECT_FALSE(overall(any, Runs{run(false), run(false), run(false)}).ok);
}

TEST(Predict, AnswersAreRightByTheLearnersOwnRun) {
    Predict predict;
    predict.answers = {{{}, "value(\"counter\") == 200000"}, {{}, "value(\"counter\") < 200000"}, {{}, "value(\"gone\") == 1"}};
    EXPECT_EQ(right_answers(predict, a_lost_update()), std::vector<std::size_t>{1});
}

}  // namespace
}  // namespace heddle::catalog
