#include "core/explore/histories.h"

#include <gtest/gtest.h>

namespace heddle::explore {
namespace {

History* only(const Histories::Locations& locations) {
    return locations.count == 1 ? locations.histories[0] : nullptr;
}

TEST(Histories, PartsThatAreUsedAsOneAreOneFromThenOn) {
    Histories histories;
    histories.begin(2);
    History* const low = only(histories.at(0x1000, 4));
    History* const high = only(histories.at(0x1004, 4));
    EXPECT_NE(low, high);
    EXPECT_FALSE(histories.found_overlap());
    History* const whole = only(histories.at(0x1000, 8));
    EXPECT_TRUE(histories.found_overlap());
    for (int again = 0; again < 2; ++again) {
        EXPECT_EQ(only(histories.at(0x1004, 4)), whole);
        EXPECT_EQ(only(histories.at(0x1000, 8)), whole);
        EXPECT_EQ(only(histories.at(0x1002, 1)), whole);
        EXPECT_FALSE(histories.found_overlap());
    }
    EXPECT_NE(only(histories.at(0x1008, 4)), whole);
    EXPECT_FALSE(histories.found_overlap());
}

TEST(Histories, AnAccessThatGoesBeyondAPartMakesItLarger) {
    Histories histories;
    histories.begin(2);
    History* const middle = only(histories.at(0x1002, 2));
    EXPECT_EQ(only(histories.at(0x1000, 3)), middle);
    EXPECT_TRUE(histories.found_overlap());
    EXPECT_EQ(only(histories.at(0x1000, 1)), middle);
    EXPECT_NE(only(histories.at(0x1004, 4)), middle);
    EXPECT_FALSE(histories.found_overlap());
}

}  // namespace
}  // namespace heddle::explore
