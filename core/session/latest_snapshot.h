// LatestSnapshot: the one place where a session's thread leaves its newest snapshot and the front end's thread picks it up. Any
// thread; never blocks for long.
#pragma once

#include <memory>
#include <mutex>

#include "core/model/snapshot.h"

namespace heddle::session {

class LatestSnapshot {
public:
    void put(std::shared_ptr<const model::Snapshot> snapshot) {
        void (*call)(void*) = nullptr;
        void* context = nullptr;
        {
            const std::scoped_lock lock(mutex_);
            latest_ = std::move(snapshot);
            call = wake_;
            context = context_;
        }
        if (call != nullptr) call(context);
    }
    std::shared_ptr<const model::Snapshot> get() const {
        const std::scoped_lock lock(mutex_);
        return latest_;
    }
    // Called after each put(), on the thread that puts; must be quick. Null: nobody looks.
    void on_new(void (*wake)(void*), void* context) {
        const std::scoped_lock lock(mutex_);
        wake_ = wake;
        context_ = context;
    }
    bool watched() const {
        const std::scoped_lock lock(mutex_);
        return wake_ != nullptr;
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const model::Snapshot> latest_ = std::make_shared<const model::Snapshot>();
    void (*wake_)(void*) = nullptr;
    void* context_ = nullptr;
};

}  // namespace heddle::session
