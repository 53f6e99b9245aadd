// ConflictReport: what a ConflictSearch found, as findings in terms of the source. One finding for each variable and pair of
// source lines, not for each access. Belongs to the Observatory's thread; makes no sentences, only keys (finding.*) and their
// arguments.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/model/conflict_search.h"
#include "core/model/observatory.h"

namespace heddle::model {

class ConflictReport {
public:
    // While the run is recorded: data races and uses of freed memory that are certain by now.
    void add_races(const ConflictSearch& search, Observatory& observatory) {
        add_races(search.settled_races(), observatory);
        add_misuses(search.misuses(), observatory);
    }
    // The run is over, and the search has looked at all of it.
    void finish(ConflictSearch& search, Observatory& observatory);

    const std::vector<Finding>& findings() const { return findings_; }

private:
    struct Access {  // one side of a race, or one request for a lock
        FindingPlace place;
        std::string name, value;  // of what was accessed
        bool named = false, valued = false;
        Number process = kNobody;
    };
    using Lines = std::pair<std::string, int>;

    void add_races(const std::vector<race::Race>& races, Observatory& observatory);
    void add_race(const race::Race& race, Observatory& observatory);
    void add_misuses(const std::vector<race::Race>& misuses, Observatory& observatory);
    void add_deadlocks(const std::vector<ConflictSearch::Deadlock>& deadlocks, Observatory& observatory);
    void add_lock_circle(const race::PotentialDeadlock& circle, Observatory& observatory);
    static Access look_at(const race::Access& access, Observatory& observatory);
    static Access request(std::uint64_t event, std::uint64_t lock, Observatory& observatory);

    std::vector<Finding> findings_;
    std::set<std::tuple<std::string, Lines, Lines>> told_;  // variable and lines of each race
    std::size_t judged_ = 0;                                // races of the search
    std::size_t misused_ = 0;                               // uses of freed memory, of the search
    std::size_t untold_ = 0;                                // of them, too many to be told one by one
    std::vector<std::set<std::uint64_t>> deadlocked_;       // the locks of each circle that closed
};

}  // namespace heddle::model
