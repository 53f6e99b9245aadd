#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "core/base/unique_fd.h"
#include "core/trace/byte_codec.h"
#include "core/trace/run_file.h"
#include "core/trace/run_file_layout.h"

namespace heddle::trace {

namespace {

constexpr std::size_t kThreadBytes = 16;
// Of CLOCK_MONOTONIC, and from the first event to the last one: 36 years and ten hours. Whoever adds up times may rely on it.
constexpr std::int64_t kLatestTime = std::int64_t{1} << 60, kLongestRun = std::int64_t{1} << 45;
constexpr std::size_t kReadBytes = std::size_t{256} << 10;  // stays in the cache between the read and the checksum

void get_field(ByteReader& in, std::string& text) {
    in.get(text);
}

void get_field(ByteReader& in, std::int32_t& value) {
    in.get(value);
}

void get_field(ByteReader& in, std::map<std::string, std::string>& map) {
    for (std::size_t left = in.get_count(8); left != 0 && !in.failed(); --left) {
        std::string name;
        in.get(name);
        in.get(map[name]);
    }
}

class Opener {
public:
    Opener(const std::string& path, UniqueFd fd) : path_(path), fd_(std::move(fd)) {}

    Result<RunFile> open() {
        TRY(open_front());
        TRY(open_threads());
        TRY(open_events());
        TRY(open_blobs());
        RunFile run;
        TRY(open_metadata(run.metadata));
        TRY(open_attachments(run.attachments));
        run.log = log_.view();
        return run;
    }

private:
    tl::unexpected<Error> damaged(std::string_view where) const {
        return fail("the saved run is damaged (" + std::string(where) + ")", path_, "Take another copy of the file");
    }

    tl::unexpected<Error> cut_short(std::uint64_t have, std::uint64_t want) const {
        return fail("the saved run is cut short (" + std::to_string(have) + " of " + std::to_string(want) + " bytes)", path_,
                    "Take another copy of the file");
    }

    Result<> read_at(std::uint64_t offset, void* to, std::uint64_t bytes) const {
        auto* at = static_cast<char*>(to);
        while (bytes != 0) {
            const ssize_t count = ::pread(fd_.get(), at, bytes, static_cast<off_t>(offset));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return fail_errno("cannot read the saved run", path_);
            if (count == 0) return cut_short(offset, offset + bytes);  // it shrank while being read
            at += count;
            offset += static_cast<std::uint64_t>(count);
            bytes -= static_cast<std::uint64_t>(count);
        }
        return {};
    }

    Result<> open_front() {
        struct stat status {};
        if (::fstat(fd_.get(), &status) != 0) return fail_errno("cannot read the saved run", path_);
        const auto size = static_cast<std::uint64_t>(status.st_size);
        constexpr std::size_t kFixed = sizeof(kRunFileMagic) + sizeof(std::uint32_t);  // in every version
        if (S_ISREG(status.st_mode)) TRY(read_at(0, &front_, std::min<std::uint64_t>(size, sizeof(front_))));
        if (!S_ISREG(status.st_mode) || size < sizeof(kRunFileMagic) || front_.header.magic != kRunFileMagic) {
            return fail("not a saved run of Heddle", path_, "Heddle opens the .heddle files that it saved");
        }
        if (size < kFixed) return cut_short(size, sizeof(front_));
        if (front_.header.version > kRunFileVersion) {
            return fail("the run was saved by a newer Heddle (file version " + std::to_string(front_.header.version) +
                            ", this one reads up to " + std::to_string(kRunFileVersion) + ")",
                        path_, "Update Heddle to open it");
        }
        if (size < sizeof(front_)) return cut_short(size, sizeof(front_));
        if (checksum(front_) != front_.header.crc || front_.header.sections != kSections) return damaged("header");
        if (size < front_.header.total_bytes) return cut_short(size, front_.header.total_bytes);
        if (size > front_.header.total_bytes) return damaged("bytes after the end");
        std::uint64_t next = sizeof(front_);
        for (std::size_t i = 0; i < kSections; ++i) {
            const SectionEntry& entry = front_.table[i];
            const bool fits = entry.bytes <= size && entry.offset == next && next + entry.bytes <= size;
            if (entry.id != i + 1 || !fits) return damaged("header");
            next += entry.bytes;
        }
        return next == size ? Result<>{} : damaged("header");
    }

    const SectionEntry& entry(Section section) const { return front_.table[static_cast<std::size_t>(section) - 1]; }

    tl::unexpected<Error> damaged(Section section) const {
        return damaged("section " + std::string(kSectionNames[static_cast<std::size_t>(section) - 1]));
    }

    Result<std::string> read_section(Section section) const {
        std::string bytes(entry(section).bytes, '\0');
        TRY(read_at(entry(section).offset, bytes.data(), bytes.size()));
        if (checksum(0, bytes.data(), bytes.size()) != entry(section).crc) return damaged(section);
        return bytes;
    }

    Result<> open_threads() {
        const std::string bytes = TRY(read_section(Section::kThreads));
        if (bytes.size() % kThreadBytes != 0 || bytes.size() / kThreadBytes != entry(Section::kThreads).items) {
            return damaged(Section::kThreads);
        }
        ByteReader in(bytes);
        std::vector<ThreadInfo> threads(bytes.size() / kThreadBytes);
        for (ThreadInfo& thread : threads) {
            std::int64_t first_seen = 0;
            in.get(thread.tid.value);
            in.get(thread.pid.value);
            in.get(first_seen);
            if (first_seen < 0 || first_seen > kLatestTime) return damaged(Section::kThreads);
            thread.first_seen = Nanoseconds(first_seen);
        }
        threads_ = static_cast<std::uint32_t>(threads.size());
        log_.set_threads(std::move(threads));
        return {};
    }

    // Read into the log's own storage, looked through while it is in the cache: no second copy, no second pass.
    Result<> open_events() {
        const SectionEntry& events = entry(Section::kEvents);
        if (events.bytes % sizeof(PackedEvent) != 0 || events.bytes / sizeof(PackedEvent) != events.items) {
            return damaged(Section::kEvents);
        }
        std::uint32_t crc = checksum(0, nullptr, 0);
        std::int64_t latest = 0, last = kLatestTime;
        std::uint64_t offset = events.offset;
        for (std::uint64_t left = events.items; left != 0;) {
            const auto room = log_.room();
            const auto count = std::min<std::uint64_t>({room.size(), left, kReadBytes / sizeof(PackedEvent)});
            const auto part = room.first(static_cast<std::size_t>(count));
            TRY(read_at(offset, part.data(), part.size_bytes()));
            crc = checksum(crc, part.data(), part.size_bytes());
            for (const PackedEvent& event : part) {
                if (event.nanoseconds < latest || event.nanoseconds > last || event.thread >= threads_)
                    return damaged(Section::kEvents);
                if (last == kLatestTime) last = std::min(last, event.nanoseconds + kLongestRun);
                latest = event.nanoseconds;
            }
            log_.append_room(part.size());
            offset += part.size_bytes();
            left -= count;
        }
        return crc == events.crc ? Result<>{} : damaged(Section::kEvents);
    }

    Result<> open_blobs() {
        const std::string bytes = TRY(read_section(Section::kBlobs));
        ByteReader in(bytes);
        for (std::uint64_t left = entry(Section::kBlobs).items; left != 0 && !in.failed(); --left) {
            log_.add_blob(in.get_view());
        }
        return in.complete() ? Result<>{} : damaged(Section::kBlobs);
    }

    Result<> open_metadata(RunMetadata& metadata) {
        const std::string bytes = TRY(read_section(Section::kMetadata));
        ByteReader in(bytes);
        metadata_fields([&](auto& field) { get_field(in, field); }, metadata);
        return in.complete() ? Result<>{} : damaged(Section::kMetadata);
    }

    Result<> open_attachments(std::map<std::string, std::string>& attachments) {
        const std::string bytes = TRY(read_section(Section::kAttachments));
        ByteReader in(bytes);
        for (std::uint64_t left = entry(Section::kAttachments).items; left != 0 && !in.failed(); --left) {
            std::string name;
            in.get(name);
            in.get(attachments[name]);
        }
        return in.complete() ? Result<>{} : damaged(Section::kAttachments);
    }

    std::string path_;
    UniqueFd fd_;
    RunFileFront front_{};
    std::uint32_t threads_ = 0;
    EventLog log_;
};

}  // namespace

Result<RunFile> open_run(const std::string& path) {
    // Without O_NONBLOCK a pipe of that name would hold Heddle until someone writes to it.
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return fail_errno("cannot open the saved run", path);
    return Opener(path, std::move(fd)).open();
}

}  // namespace heddle::trace
