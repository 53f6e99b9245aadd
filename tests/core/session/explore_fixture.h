// Programs compiled as a learner's are, and explored. For the tests of core/session.
#pragma once

#include <gmock/gmock-more-matchers.h>

#include <fstream>

#include "core/session/exploration.h"
#include "tests/core/catalog/temporary_folder.h"
#include "tests/core/session/program_build.h"

namespace heddle::session {

class ExploreTest : public testing::Test {
protected:
    ExplorationRequest program(const std::string& source, const std::string& compiler = "g++",
                               const std::vector<std::string>& flags = {}) {
        const std::filesystem::path file = folder_ / ("program" + std::to_string(++programs_) + ".cpp");
        std::ofstream(file) << source;
        const auto built = catalog::build_program(std::vector{file}, flags, program_build(compiler));
        EXPECT_TRUE(built) << built.error().message();
        ExplorationRequest request;
        if (built) request.program = built->path;
        request.options.timeout_s = 60;
        return request;
    }
    static ExplorationRequest all(ExplorationRequest request) {
        request.options.all = true;
        return request;
    }
    static Exploration search(const ExplorationRequest& request) {
        const auto exploration = explore_program(request);
        EXPECT_TRUE(exploration) << exploration.error().message();
        return exploration ? *exploration : Exploration{};
    }
    static std::vector<std::string> outcomes(const Exploration& exploration) {
        std::vector<std::string> values;
        for (const explore::Outcome& outcome : exploration.report.outcomes) values.push_back(outcome.value);
        return values;
    }
    static std::vector<std::string> kinds(const Exploration& exploration) {
        std::vector<std::string> found;
        for (const FoundBug& bug : exploration.bugs) found.push_back(bug.kind);
        return found;
    }

    catalog::TemporaryFolder temporary_;
    const std::filesystem::path folder_ = temporary_.path();
    int programs_ = 0;
};

}  // namespace heddle::session
