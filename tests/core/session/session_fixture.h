// A folder with one program in it, and the scenario that runs it. For the tests of core/session.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/session/session.h"
#include "tests/core/catalog/temporary_folder.h"
#include "tests/core/session/program_build.h"

namespace heddle::session {

class SessionTest : public testing::Test {
protected:
    RunRequest program(const std::string& source) {
        std::ofstream(folder_ / "main.cpp") << source;
        RunRequest request;
        request.scenario.id = "test/program";
        request.scenario.folder = folder_;
        request.scenario.variants = {{"main", {"Main", "Main"}, folder_ / "main.cpp"}};
        request.scenario.time_limit_s = 60;
        return request;
    }

    std::shared_ptr<const model::Snapshot> run(RunRequest request) {
        build_beforehand(request.scenario);
        auto session = Session::start(std::move(request));
        EXPECT_TRUE(session) << session.error().message();
        return session ? (*session)->wait() : std::make_shared<const model::Snapshot>();
    }

    static bool has_finding(const model::Snapshot& snapshot, const std::string& id) {
        return std::any_of(snapshot.findings.begin(), snapshot.findings.end(),
                           [&](const model::Finding& finding) { return finding.id == id; });
    }

    catalog::TemporaryFolder temporary_;
    const std::filesystem::path folder_ = temporary_.path();
};

}  // namespace heddle::session
