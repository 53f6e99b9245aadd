#include "app/shell/other_order.h"

#include <gtest/gtest.h>

namespace heddle::shell {
namespace {

model::StepText at(model::Number thread, int line) {
    model::StepText step;
    step.thread = thread, step.file = "/heddle/program/main.cpp", step.line = line;
    return step;
}

model::FindingPlace place(model::Number thread, int line, std::string file = "/home/student/main.cpp") {
    return {thread, std::move(file), line, 0};
}

model::ExploreSnapshot race(model::StepText first, model::StepText second, std::string other = "h1:other") {
    model::FoundBug bug;
    bug.kind = "data-race", bug.schedule = "h1:whole", bug.this_order = "h1:found", bug.other_order = std::move(other);
    bug.at = {std::move(first), std::move(second)};
    model::ExploreSnapshot found;
    found.bugs = {bug};
    return found;
}

using Places = std::vector<model::FindingPlace>;

TEST(OtherOrder, TurnsWhatTheRecordingHas) {
    EXPECT_EQ(other_order_of(race(at(2, 7), at(3, 9)), Places{place(2, 7), place(3, 9)}), "h1:other");
    EXPECT_EQ(other_order_of(race(at(3, 9), at(2, 7)), Places{place(2, 7), place(3, 9)}), "h1:found");
}

TEST(OtherOrder, AtOneLineTheThreadsTellWhichIsWhich) {
    EXPECT_EQ(other_order_of(race(at(2, 7), at(3, 7)), Places{place(2, 7), place(3, 7)}), "h1:other");
    EXPECT_EQ(other_order_of(race(at(2, 7), at(3, 7)), Places{place(3, 7), place(2, 7)}), "h1:found");
}

TEST(OtherOrder, IsOfThisRaceOnly) {
    EXPECT_FALSE(other_order_of(race(at(2, 7), at(3, 9)), Places{place(2, 7), place(3, 8)}));
    EXPECT_FALSE(other_order_of(race(at(2, 7), at(3, 9)), Places{place(2, 7, "other.cpp"), place(3, 9)}));
    EXPECT_FALSE(other_order_of(race(at(2, 7), at(3, 9), ""), Places{place(2, 7), place(3, 9)}));
    EXPECT_FALSE(other_order_of(model::ExploreSnapshot(), Places{place(2, 7), place(3, 9)}));
    EXPECT_FALSE(other_order_of(race(at(2, 7), at(3, 9)), Places{}));
}

}  // namespace
}  // namespace heddle::shell
