// ExploreSession: one exploration for the window, from build to verdict, on a thread of its own. Made and destroyed by the
// front end's thread; cancel() and snapshot() may be called from any thread and never block. Destroying it ends the lab: no
// process of it stays behind. The program's build is waited for.
#pragma once

#include <memory>

#include "core/model/exploration.h"
#include "core/session/session.h"

namespace heddle::session {

class ExploreSession {
public:
    // Checks the request as Session::start does; parameters that are not given are those of the scenario's [explore] table.
    // What goes wrong later is in the snapshot.
    static Result<std::unique_ptr<ExploreSession>> start(RunRequest request);
    ~ExploreSession();

    // The run's description, the source and the findings; what was explored is in its `exploration`, never null.
    std::shared_ptr<const model::Snapshot> snapshot() const;
    void cancel();  // what is known so far stays
    // Called on the exploring thread after each new snapshot; must be quick.
    void on_new_snapshot(void (*wake)(void*), void* context);
    // Blocks until the exploration is over.
    std::shared_ptr<const model::Snapshot> wait();

private:
    struct Impl;
    explicit ExploreSession(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace heddle::session
