#include "core/catalog/scenario_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace heddle::catalog {
namespace {

// Line numbers in the table below count from here.
const std::string kGood = R"(title = { en = "Title", ko = "제목" }
summary = { en = "Summary.", ko = "요약." }
order = 3
views = ["code", "memory"]
cpus = [0]
compile_flags = ["-DX"]
time_limit_s = 12.5

[[variant]]
id = "broken"
title = { en = "Broken", ko = "잘못된 코드" }

[[variant]]
id = "fixed"
title = { en = "Fixed", ko = "고친 코드" }

[[parameter]]
name = "count"
title = { en = "Count", ko = "횟수" }
min = 1
max = 10
default = 2

[predict]
question = { en = "What?", ko = "무엇?" }
explanation = { en = "So.", ko = "그래서." }
[[predict.answer]]
text = { en = "One", ko = "하나" }
right_when = 'value("x") == 1'
[[predict.answer]]
text = { en = "Two", ko = "둘" }
right_when = 'value("x") == count'

[[claim]]
id = "holds"
text = { en = "It holds.", ko = "성립한다." }
variants = ["broken"]
parameters = { count = 5 }
expression = 'value("x") == count'
runs = 20
any = true
needs = "perf-switches"
)";

TEST(ScenarioFile, IsReadWhole) {
    const auto scenario = parse_scenario(kGood, "scenario.toml");
    ASSERT_TRUE(scenario) << scenario.error().message();
    EXPECT_EQ(scenario->title.ko, "제목");
    EXPECT_EQ(scenario->order, 3);
    EXPECT_EQ(scenario->views, (std::vector<std::string>{"code", "memory"}));
    EXPECT_EQ(scenario->cpus, std::vector<int>{0});
    EXPECT_EQ(scenario->compile_flags, std::vector<std::string>{"-DX"});
    EXPECT_EQ(scenario->time_limit_s, 12.5);
    ASSERT_EQ(scenario->variants.size(), 2U);
    EXPECT_EQ(scenario->variants[1].id, "fixed");
    ASSERT_NE(scenario->parameter("count"), nullptr);
    EXPECT_EQ(scenario->parameter("count")->default_value, 2);
    ASSERT_TRUE(scenario->predict);
    EXPECT_EQ(scenario->predict->answers[1].right_when, "value(\"x\") == count");
    ASSERT_EQ(scenario->claims.size(), 1U);
    const Claim& claim = scenario->claims[0];
    EXPECT_EQ(claim.parameters.at("count"), 5);
    EXPECT_EQ(claim.runs, 20);
    EXPECT_TRUE(claim.any);
    EXPECT_EQ(claim.needs, "perf-switches");
}

struct BadInput {
    const char* replace;  // this text of the good file …
    const char* with;     // … becomes this
    int line;             // and the error names this line
    const char* message;
};

class BadScenarioFile : public testing::TestWithParam<BadInput> {};

TEST_P(BadScenarioFile, IsRefusedWithFileLineAndWhatWasExpected) {
    const auto& [replace, with, line, message] = GetParam();
    std::string text = kGood;
    const std::size_t found = text.find(replace);
    ASSERT_NE(found, std::string::npos);
    text.replace(found, std::string(replace).size(), with);
    const auto scenario = parse_scenario(text, "dir/scenario.toml");
    ASSERT_FALSE(scenario);
    EXPECT_EQ(scenario.error().subject, "dir/scenario.toml:" + std::to_string(line));
    EXPECT_NE(scenario.error().what.find(message), std::string::npos) << scenario.error().what;
}

const BadInput kBadInputs[] = {
    {"order = 3", "order = ", 3, ""},
    {"views = [\"code\"", "views = [\"code", 4, ""},
    {"title = { en = \"Title\", ko = \"제목\" }\n", "", 1, "'title' is missing; expected { en"},
    {"title = { en = \"Title\", ko = \"제목\" }", "title = \"Title\"", 1,
     "'title' must be { en = \"…\", ko = \"…\" }, not a text"},
    {", ko = \"제목\" }", " }", 1, "title: 'ko' is missing; expected a text"},
    {"ko = \"요약.\"", "ko = \"\"", 2, "summary: 'ko' must not be empty"},
    {"ko = \"요약.\"", "ko = \"요약.\", fr = \"Résumé\"", 2, "unknown key 'fr'"},
    {"order = 3\n", "", 1, "'order' is missing; expected a whole number"},
    {"order = 3", "order = \"3\"", 3, "'order' must be a whole number, not a text"},
    {"order = 3", "order = 3.5", 3, "not a number with a fraction"},
    {"order = 3", "order = -1", 3, "'order' is -1; allowed are 0 to 1000"},
    {"order = 3", "ordr = 3\norder = 3", 3, "unknown key 'ordr' (did you mean 'order'?)"},
    {"\"code\", \"memory\"", "\"code\", \"memry\"", 4,
     "there is no view 'memry' (did you mean 'memory'?); known are code, memory"},
    {"\"code\", \"memory\"", "\"code\", \"code\"", 4, "named twice"},
    {"[\"code\", \"memory\"]", "[]", 4, "at least one view"},
    {"[\"code\", \"memory\"]", "\"code\"", 4, "'views' must be an array of texts, not a text"},
    {"[\"code\", \"memory\"]", "[\"code\", 7]", 4, "'views' must be an array of texts, not a whole number"},
    {"cpus = [0]", "cpus = [-1]", 5, "'cpus' holds -1"},
    {"cpus = [0]", "cpus = 0", 5, "'cpus' must be an array of whole numbers"},
    {"compile_flags = [\"-DX\"]", "compile_flags = [1]", 6, "array of texts"},
    {"time_limit_s = 12.5", "time_limit_s = 0", 7, "'time_limit_s' must lie between"},
    {"time_limit_s = 12.5", "time_limit_s = true", 7, "'time_limit_s' must be a number, not true or false"},
    {"id = \"broken\"", "id = \"Broken One\"", 10, "an id is made of a-z, 0-9 and '-'"},
    {"id = \"fixed\"", "id = \"broken\"", 14, "variant 'broken': this id is used twice"},
    {"id = \"fixed\"\n", "", 13, "variant 2: 'id' is missing"},
    {"name = \"count\"", "name = \"value\"", 18, "means something else in expressions"},
    {"name = \"count\"", "name = \"a-b\"", 18, "a name is made of"},
    {"min = 1\n", "min = 1\nstep = 2\n", 21, "parameter 'count': unknown key 'step'"},
    {"max = 10", "max = 0", 21, "'max' is 0; allowed are 1 to"},
    {"default = 2", "default = 11", 22, "'default' is 11; allowed are 1 to 10"},
    {"default = 2", "default = \"2\"", 22, "'default' must be a whole number, not a text"},
    {"right_when = 'value(\"x\") == 1'", "right_when = 'value(\"x\" == 1'", 29, "'right_when': "},
    {"right_when = 'value(\"x\") == 1'", "right_when = 'valu(\"x\") == 1'", 29,
     "'valu' means nothing here (did you mean 'value'?)"},
    {"right_when = 'value(\"x\") == count'", "right_when = 7", 32, "'right_when' must be a text, not a whole number"},
    {"variants = [\"broken\"]", "variants = [\"brken\"]", 37, "there is no variant 'brken'"},
    {"parameters = { count = 5 }", "parameters = { cuont = 5 }", 38, "there is no parameter 'cuont'"},
    {"parameters = { count = 5 }", "parameters = { count = 11 }", 38, "'count' is 11; allowed are 1 to 10"},
    {"parameters = { count = 5 }", "parameters = { count = \"5\" }", 38, "'count' must be a whole number, not a text"},
    {"expression = 'value(\"x\") == count'", "expression = 'value(\"x\") === count'", 39, "unexpected symbol"},
    {"expression = 'value(\"x\") == count'", "expression = 'value(\"x\") == total'", 39, "'total' means nothing here"},
    {"expression = 'value(\"x\") == count'\n", "", 34, "claim 'holds': 'expression' is missing"},
    {"runs = 20", "runs = 0", 40, "'runs' is 0; allowed are 1 to 1000"},
    {"any = true", "any = 1", 41, "'any' must be true or false, not a whole number"},
    {"needs = \"perf-switches\"", "needs = \"Perf!\"", 42, "the id of a facility"},
    {"[predict]", "[predct]", 27, "predict: 'question' is missing"},
    {"[[variant]]\nid = \"fixed\"", "[[varant]]\nid = \"fixed\"", 13, "unknown key 'varant' (did you mean 'variant'?)"},
};
INSTANTIATE_TEST_SUITE_P(Table, BadScenarioFile, testing::ValuesIn(kBadInputs));

TEST(ScenarioFile, NeedsTwoAnswersAndClaimsOfDifferentNames) {
    std::string one_answer = kGood;
    const std::size_t second = one_answer.rfind("[[predict.answer]]");
    one_answer.erase(second, one_answer.find("[[claim]]") - second);
    EXPECT_NE(parse_scenario(one_answer, "f").error().what.find("at least two answers"), std::string::npos);

    const std::string twice = kGood + kGood.substr(kGood.find("[[claim]]"));
    EXPECT_EQ(parse_scenario(twice, "f").error().subject, "f:44");
    EXPECT_NE(parse_scenario(twice, "f").error().what.find("used twice"), std::string::npos);
}

TEST(ScenarioFile, SurvivesEveryTruncation) {
    for (std::size_t size = 0; size < kGood.size(); ++size) {
        const auto scenario = parse_scenario(kGood.substr(0, size), "f");
        if (scenario) continue;
        EXPECT_EQ(scenario.error().subject.substr(0, 2), "f:");
    }
}

TEST(ChaptersFile, NamesChaptersOnce) {
    const std::string one = "[[chapter]]\nid = \"races\"\ntitle = { en = \"Races\", ko = \"경쟁\" }\n";
    EXPECT_EQ(parse_chapters(one, "f")->at(0).title.ko, "경쟁");
    EXPECT_EQ(parse_chapters(one + one, "f").error().subject, "f:5");
    EXPECT_FALSE(parse_chapters("", "f"));
}

}  // namespace
}  // namespace heddle::catalog
