// ExplorationView: what a person can see of an exploration, put together from the search's report and the executions that its
// process wrote down. Belongs to the exploring thread; asked while the search stands still.
#pragma once

#include <memory>

#include "core/explore/execution_sample.h"
#include "core/model/exploration.h"
#include "core/session/exploration.h"
#include "core/session/explored_program.h"

namespace heddle::session {

class ExplorationView {
public:
    ExplorationView(const ExploreLab& lab, ExploredProgram& program);

    // An execution that the search's process does not write down.
    void take(const explore::Execution& execution);
    bool is_due() const;  // long enough since the last one
    std::shared_ptr<const model::ExploreSnapshot> so_far(const explore::Progress& progress);
    std::shared_ptr<const model::ExploreSnapshot> at_end(const Exploration& exploration);

private:
    void read_sample();
    model::ExploreSnapshot make(const explore::ExploreReport& report);

    const ExploreLab& lab_;
    ExploredProgram& program_;
    explore::SampleReader reader_;
    model::TreeBuilder tree_;
    std::uint32_t taken_ = 0;
    bool taken_all_ = true, taken_more_ = false;  // since the tree was shown
    std::vector<model::FoundBug> bugs_;           // in words, as far as they were asked for
    std::shared_ptr<const model::InterleavingTree> shown_ = std::make_shared<model::InterleavingTree>();
    Nanoseconds last_{}, cost_{};
};

}  // namespace heddle::session
